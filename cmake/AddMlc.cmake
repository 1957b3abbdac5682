# Compile options of mlc's own code; MlcLLVM.cmake adds the helpers that need LLVM.
set(MLC_COMPILE_OPTIONS -Wall -Wextra -Wno-unused-parameter -fvisibility=hidden)
if(MLC_WERROR)
  list(APPEND MLC_COMPILE_OPTIONS -Werror)
endif()
if(MLC_SANITIZERS)
  add_compile_options(-fsanitize=${MLC_SANITIZERS} -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=${MLC_SANITIZERS})
endif()
