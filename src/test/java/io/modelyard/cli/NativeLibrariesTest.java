package io.modelyard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;

final class NativeLibrariesTest {
    @Test
    void takesOnlyWhatAnEngineExtractedAndLoaded() {
        String maps = """
                      7f0000000000-7f0000001000 r-xp 00000000 08:01 11  /tmp/libxgboost4j123.so
                      7f0000001000-7f0000002000 r--p 00001000 08:01 11  /tmp/libxgboost4j123.so
                      7f0000003000-7f0000004000 r-xp 00000000 08:01 12  /tmp/libxgboost4j99.so (deleted)
                      7f0000005000-7f0000006000 r-xp 00000000 08:01 13  /tmp/onnxruntime-java7/libonnxruntime.so
                      7f0000007000-7f0000008000 r-xp 00000000 08:01 14  /tmp/onnxruntime-java8/libonnxruntime.so
                      7f0000009000-7f000000a000 r-xp 00000000 08:01 15  /tmp/onnxruntime-java8/libonnxruntime4j_jni.so
                      7f000000b000-7f000000c000 r-xp 00000000 08:01 16  /opt/tmp/libxgboost4j5.so
                      7f000000d000-7f000000e000 r-xp 00000000 08:01 17  /tmp/mine/libxgboost4j5.so
                      7f000000f000-7f0000010000 rw-p 00000000 00:00 0   [heap]
                      7f0000011000-7f0000012000 rw-p 00000000 00:00 0
                      """;
        assertThat(NativeLibraries.loaded(maps, Path.of("/tmp"))).containsExactly(Path.of("/tmp/libxgboost4j123.so"),
                Path.of("/tmp/onnxruntime-java8/libonnxruntime4j_jni.so"));
    }
}
