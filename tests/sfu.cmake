# A peer that is none of a browser and none of ours: libnice's STUN, OpenSSL's DTLS client, libsrtp2.
add_library(media_client STATIC support/client_identity.c support/media_client.c
    support/media_house.c)
target_include_directories(media_client PUBLIC ${CMAKE_SOURCE_DIR})
target_link_libraries(media_client PUBLIC sfu_edge)

house_tests(integration sfu media_client sfu_edge)

add_executable(bench_media bench/media.c)
target_link_libraries(bench_media PRIVATE media_client)
