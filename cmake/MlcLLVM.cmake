# Finds LLVM, MLIR and LLD 22.1 and offers the TableGen helpers.
find_package(MLIR 22.1 REQUIRED CONFIG)
find_package(LLD 22.1 REQUIRED CONFIG)
list(APPEND CMAKE_MODULE_PATH "${MLIR_CMAKE_DIR}" "${LLVM_CMAKE_DIR}")
include(TableGen)
include(AddLLVM)
include(AddMLIR)
include_directories(SYSTEM ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS} ${LLD_INCLUDE_DIRS})
separate_arguments(MLC_LLVM_DEFINITIONS NATIVE_COMMAND ${LLVM_DEFINITIONS})
add_definitions(${MLC_LLVM_DEFINITIONS})

# mlc_tablegen(dialect|passes ...) below names every generated header through this target,
# so that a library need not list what it includes.
add_custom_target(mlc-headers)

# mlc_tablegen(file.td OUT generator [OUT generator ...])
#   Generates ${CMAKE_CURRENT_BINARY_DIR}/OUT from file.td with the given mlir-tblgen flags.
function(mlc_tablegen source)
  set(LLVM_TARGET_DEFINITIONS ${source})
  set(rest ${ARGN})
  while(rest)
    list(POP_FRONT rest out flags)
    separate_arguments(flags UNIX_COMMAND "${flags}")
    mlir_tablegen(${out} ${flags})
  endwhile()
  string(MAKE_C_IDENTIFIER "mlc-gen-${CMAKE_CURRENT_SOURCE_DIR}-${source}" id)
  add_public_tablegen_target(${id})
  add_dependencies(mlc-headers ${id})
endfunction()

# One precompiled header for every library that includes MLIR.
add_library(mlc-pch OBJECT ${CMAKE_SOURCE_DIR}/cmake/Pch.cpp)
target_precompile_headers(mlc-pch PRIVATE ${CMAKE_SOURCE_DIR}/cmake/Pch.h)
target_compile_options(mlc-pch PRIVATE ${MLC_COMPILE_OPTIONS} -Xclang -fno-pch-timestamp)

# mlc_share_header(program)
#   The precompiled header for a program. It is compiled for libraries: -fPIC, where a program would have -fPIE.
function(mlc_share_header program)
  set_target_properties(${program} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
  target_compile_options(${program} PRIVATE -fPIC -Xclang -fno-pch-timestamp)
  target_precompile_headers(${program} REUSE_FROM mlc-pch)
endfunction()

# mlc_add_library(name sources... [LINK libraries...])
#   A static library of the compiler; shares the precompiled header.
function(mlc_add_library name)
  cmake_parse_arguments(arg "" "" "LINK" ${ARGN})
  add_library(${name} STATIC ${arg_UNPARSED_ARGUMENTS})
  add_dependencies(${name} mlc-headers)
  target_compile_options(${name} PRIVATE ${MLC_COMPILE_OPTIONS} -Xclang -fno-pch-timestamp)
  target_precompile_headers(${name} REUSE_FROM mlc-pch)
  target_link_libraries(${name} PUBLIC ${arg_LINK})
  set_property(GLOBAL APPEND PROPERTY MLC_COMPILER_LIBRARIES ${name})
endfunction()

# mlc_add_tool(name sources... [LINK libraries...])
function(mlc_add_tool name)
  cmake_parse_arguments(arg "" "" "LINK" ${ARGN})
  add_executable(${name} ${arg_UNPARSED_ARGUMENTS})
  add_dependencies(${name} mlc-headers)
  target_compile_options(${name} PRIVATE ${MLC_COMPILE_OPTIONS})
  target_link_libraries(${name} PRIVATE ${arg_LINK})
endfunction()
