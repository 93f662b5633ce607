# A peer that is neither a browser nor ours: STUN by libnice, DTLS by OpenSSL, SRTP by libsrtp2.
add_library(media_client STATIC support/client_identity.c support/media_client.c
    support/hostile.c support/media_house.c)
target_include_directories(media_client PUBLIC ${CMAKE_SOURCE_DIR})
target_link_libraries(media_client PUBLIC sfu_edge)

# A whole client that is not ours: libnice's agent, OpenSSL, libsrtp2, libvpx, libopus
# (tests/peer/peer.h).
if(NOT TARGET PkgConfig::vpx)
    pkg_check_modules(vpx REQUIRED IMPORTED_TARGET GLOBAL vpx)
endif()
pkg_check_modules(opus REQUIRED IMPORTED_TARGET GLOBAL opus)
file(GLOB PEER_SOURCES CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/peer/*.c)
add_library(peer STATIC ${PEER_SOURCES})
target_include_directories(peer PUBLIC ${CMAKE_SOURCE_DIR})
target_link_libraries(peer PUBLIC sfu_edge PkgConfig::vpx PkgConfig::opus m)

house_tests(integration sfu media_client peer sfu_edge)
# Real pictures at their own pace, a room for each test.
set_tests_properties(integration_sfu_peer_room PROPERTIES TIMEOUT 300)

# As long as RELAY_SOAK_SECONDS says; by name only (./test soak).
house_tests(soak sfu media_client sfu_edge)
set_tests_properties(soak_sfu_relay PROPERTIES TIMEOUT 7200)

# What the machine allows, and the server beside it (docs/performance.md).
add_library(bench_floor_parts STATIC bench/floor.c bench/floor_cipher.c bench/floor_sink.c
    bench/measure.c)
target_include_directories(bench_floor_parts PUBLIC ${CMAKE_SOURCE_DIR})
target_link_libraries(bench_floor_parts PUBLIC sfu_edge)
find_library(IPSEC_MB IPSec_MB)
if(IPSEC_MB)
    target_compile_definitions(bench_floor_parts PRIVATE HAVE_IPSEC_MB)
    target_link_libraries(bench_floor_parts PUBLIC ${IPSEC_MB})
endif()
add_executable(bench_floor bench/floor_table.c)
target_link_libraries(bench_floor PRIVATE bench_floor_parts)
file(GLOB BENCH_MEDIA CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/bench/media*.c
    ${CMAKE_CURRENT_SOURCE_DIR}/bench/crowd.c)
add_executable(bench_media ${BENCH_MEDIA})
target_link_libraries(bench_media PRIVATE bench_floor_parts media_client load_edge
    PkgConfig::jansson)
add_executable(bench_chart bench/chart.c)
target_link_libraries(bench_chart PRIVATE PkgConfig::jansson m)

add_executable(bench_fanout bench/fanout.c)
target_include_directories(bench_fanout PRIVATE ${CMAKE_SOURCE_DIR})
target_link_libraries(bench_fanout PRIVATE sfu_edge)

# A room whose subscribers check all that they are sent.
add_library(stage_room STATIC support/stage_room.c)
target_include_directories(stage_room PUBLIC ${CMAKE_SOURCE_DIR})
target_link_libraries(stage_room PUBLIC sfu_core PkgConfig::cmocka)
target_link_libraries(unit_sfu_egress PRIVATE stage_room)
target_link_libraries(unit_sfu_settle PRIVATE stage_room)
target_link_libraries(unit_sfu_show PRIVATE stage_room)

# The real media core with model peers over a bad network in virtual time.
add_library(sim_world STATIC sim/frame.c sim/publisher.c sim/scene.c sim/seal.c sim/session.c
    sim/viewer.c sim/wire.c sim/world.c)
target_include_directories(sim_world PUBLIC ${CMAKE_SOURCE_DIR})
target_link_libraries(sim_world PUBLIC sfu_core PkgConfig::cmocka)
house_tests(sim sfu sim_world sfu_core)
set_tests_properties(sim_sfu_meeting sim_sfu_simulcast PROPERTIES TIMEOUT 300)
