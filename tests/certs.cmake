# Certificates and paper: meeting/edge/paper is tested on its own, without the meeting around it.
house_tests(unit paper meeting_paper)
house_tests(integration paper meeting_paper)
# It asks the program, too.
add_dependencies(integration_paper_keeping dienhong)
set_property(TEST integration_paper_keeping APPEND PROPERTY
    ENVIRONMENT DIENHONG=$<TARGET_FILE:dienhong>)
house_tests(vectors paper meeting_paper)

add_executable(bench_paper bench/paper.c bench/measure.c)
target_include_directories(bench_paper PRIVATE ${CMAKE_SOURCE_DIR})
target_link_libraries(bench_paper PRIVATE meeting_paper)
add_executable(bench_paper_sealed bench/paper_sealed.c)
target_link_libraries(bench_paper_sealed PRIVATE meeting_fixture device_fixture PkgConfig::cmocka)
add_dependencies(bench_paper bench_paper_sealed) # runs it

# The agency's seal in a device: SoftHSM2 (packaging/debian-packages), and a module around it that
# locks and can be pulled out.
pkg_check_modules(P11KIT REQUIRED p11-kit-1)
add_library(locking_device MODULE support/locking_device.c)
target_include_directories(locking_device SYSTEM PRIVATE ${P11KIT_INCLUDE_DIRS})
add_library(device_fixture STATIC support/device.c)
target_include_directories(device_fixture PUBLIC ${CMAKE_SOURCE_DIR})
target_link_libraries(device_fixture PUBLIC certs_edge)
house_tests(integration certs device_fixture)
add_dependencies(integration_certs_device locking_device)
target_include_directories(integration_certs_device SYSTEM PRIVATE ${P11KIT_INCLUDE_DIRS})
target_compile_definitions(integration_certs_device PRIVATE
    LOCKING_DEVICE="$<TARGET_FILE:locking_device>")

# The reference helper for a person's token (docs/signing-helper.md).
add_executable(signing_helper helper/signing_helper.c helper/enrolment.c helper/http.c)
target_include_directories(signing_helper PRIVATE ${CMAKE_SOURCE_DIR})
target_link_libraries(signing_helper PRIVATE certs_edge PkgConfig::jansson)

# Judge.java and Sign.java are run from their source.
foreach(NAME judges foreign)
    if(TARGET integration_paper_${NAME})
        target_compile_definitions(integration_paper_${NAME}
            PRIVATE TESTS_FOLDER="${CMAKE_CURRENT_SOURCE_DIR}")
    endif()
endforeach()
# Java starts once and signs forty files; a mutant is read as often as it has signatures.
set_tests_properties(integration_paper_foreign integration_paper_foreign_corpus
    fuzz_foreign_verify PROPERTIES TIMEOUT 600)
