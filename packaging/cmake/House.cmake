# What holds for every C file of the house: language, warnings, sanitizers, and how a ring is made.

set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

# CMake's release flags define NDEBUG, which would switch the assertions off.
set(CMAKE_C_FLAGS_RELEASE "-O2 -g")
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O2 -g")

option(DIENHONG_FUZZ "Build the libFuzzer targets (clang)" OFF)
set(DIENHONG_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them")

add_compile_definitions(_GNU_SOURCE)
add_compile_options(
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes
    -Wmissing-prototypes -Wundef -Wvla -Wformat=2 -Wswitch-enum -Wcast-qual -Werror
    -fstack-protector-strong -fno-strict-aliasing)
add_link_options(-Wl,-z,relro,-z,now)
if(DIENHONG_SANITIZE)
    add_compile_options(-fsanitize=${DIENHONG_SANITIZE} -fno-omit-frame-pointer
        -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${DIENHONG_SANITIZE})
endif()

if(DIENHONG_FUZZ)
    # Coverage for libFuzzer; the fuzz targets themselves link its driver (tests/fuzz.cmake).
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()

find_package(PkgConfig REQUIRED)

# house_ring(NAME DEPENDS libraries… PACKAGES pkg-config names…)
# One ring of one product: the .c files of this folder as a static library.
function(house_ring NAME)
    cmake_parse_arguments(RING "" "" "DEPENDS;PACKAGES" ${ARGN})
    file(GLOB RING_SOURCES CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.c)
    if(NOT RING_SOURCES)
        add_library(${NAME} INTERFACE)
        target_link_libraries(${NAME} INTERFACE ${RING_DEPENDS})
        return()
    endif()
    add_library(${NAME} STATIC ${RING_SOURCES})
    target_include_directories(${NAME} PUBLIC ${CMAKE_SOURCE_DIR})
    target_link_libraries(${NAME} PUBLIC ${RING_DEPENDS})
    foreach(PACKAGE ${RING_PACKAGES})
        if(NOT TARGET PkgConfig::${PACKAGE})
            pkg_check_modules(${PACKAGE} REQUIRED IMPORTED_TARGET GLOBAL ${PACKAGE})
        endif()
        target_link_libraries(${NAME} PUBLIC PkgConfig::${PACKAGE})
    endforeach()
endfunction()
