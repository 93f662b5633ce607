# Fuzz targets. tests/fuzz/<name>.c defines LLVMFuzzerTestOneInput(); its seeds stand in
# tests/fuzz/corpus/<name>/. In an ordinary build the target replays the corpus, with every
# truncation and byte change, as a test of the group `fuzz`; with DIENHONG_FUZZ (preset fuzz) it
# is a libFuzzer program:
#   build/fuzz/tests/fuzz_<name> -max_total_time=60 tests/fuzz/corpus/<name>

# house_fuzz(NAME libraries…)
function(house_fuzz NAME)
    add_executable(fuzz_${NAME} ${CMAKE_SOURCE_DIR}/tests/fuzz/${NAME}.c)
    target_include_directories(fuzz_${NAME} PRIVATE ${CMAKE_SOURCE_DIR})
    target_link_libraries(fuzz_${NAME} PRIVATE ${ARGN})
    # libFuzzer's entry point has no header to declare it.
    target_compile_options(fuzz_${NAME} PRIVATE -Wno-missing-prototypes)
    set(CORPUS ${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${NAME})
    if(DIENHONG_FUZZ)
        target_link_options(fuzz_${NAME} PRIVATE -fsanitize=fuzzer)
        add_test(NAME fuzz_${NAME} COMMAND fuzz_${NAME} -runs=0 ${CORPUS})
    else()
        target_sources(fuzz_${NAME} PRIVATE ${CMAKE_SOURCE_DIR}/tests/fuzz/replay.c)
        add_test(NAME fuzz_${NAME} COMMAND fuzz_${NAME} ${CORPUS})
    endif()
    set_tests_properties(fuzz_${NAME} PROPERTIES LABELS fuzz TIMEOUT 120)
endfunction()

# One line for each target.
house_fuzz(stun_demux sfu_proto)
house_fuzz(rtp sfu_proto)
house_fuzz(rtcp sfu_proto)
house_fuzz(vp8 sfu_proto)
house_fuzz(media_worker sfu_core)
house_fuzz(sdp sfu_core)
house_fuzz(pdf_verify meeting_paper)
house_fuzz(package_manifest meeting_paper)
house_fuzz(cms_verify certs_edge)
house_fuzz(stun sfu_edge)
house_fuzz(dtls sfu_edge)
house_fuzz(srtp sfu_edge)
house_fuzz(event_json meeting_core)
house_fuzz(command_json meeting_core)
house_fuzz(door_route signaling_core)
house_fuzz(door_live signaling_edge)
house_fuzz(multipart signaling_core)
house_fuzz(csr certs_edge)
house_fuzz(ocsp certs_edge)
house_fuzz(tsa certs_edge)
house_fuzz(proof certs_edge)
house_fuzz(load_film load_core)
house_fuzz(load_answer load_core)
house_fuzz(load_receiver load_core)
