# Compile options of mlc's own code; MlcLLVM.cmake adds the helpers that need LLVM.
set(MLC_COMPILE_OPTIONS -Wall -Wextra -Wno-unused-parameter -fvisibility=hidden)
if(MLC_WERROR)
  list(APPEND MLC_COMPILE_OPTIONS -Werror)
endif()
if(MLC_SANITIZERS)
  # An access through null ends the run anyway, the redzones of AddressSanitizer bound objects, and what LLVM's own
  # code makes has no type information: these checks only cost time, half of a build's.
  add_compile_options(-fsanitize=${MLC_SANITIZERS} -fno-sanitize=null,object-size,vptr -fno-omit-frame-pointer
    -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=${MLC_SANITIZERS})
endif()
if(MLC_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link
    -fsanitize-coverage-ignorelist=${CMAKE_SOURCE_DIR}/test/fuzz/foreign.txt)
endif()
