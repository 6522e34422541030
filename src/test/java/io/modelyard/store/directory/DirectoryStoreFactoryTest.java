package io.modelyard.store.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.exceptions.ConfigurationException;
import io.modelyard.store.ObjectStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;

final class DirectoryStoreFactoryTest {
    @TempDir
    private Path folder;

    @Test
    void aPathIsADirectoryStore() {
        assertThat(location(folder.resolve("models").toString())).isEqualTo(folder.resolve("models").toString());
    }

    @Test
    void aFileUriIsADirectoryStore() {
        assertThat(location(folder.resolve("with space").toUri().toString()))
                .isEqualTo(folder.resolve("with space").toString());
    }

    @Test
    void anythingElseIsRefusedByName() {
        for (String uri : new String[]{"s3://bucket/prefix", "http://host/x", "gs://bucket", "file:relative", " "}) {
            assertThatThrownBy(() -> DirectoryStoreFactory.root(uri)).isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("modelyard.store.uri").hasMessageContaining(uri);
        }
    }

    private String location(String uri) {
        try (ApplicationContext context = context(uri)) {
            return context.getBean(ObjectStore.class).location();
        }
    }

    private ApplicationContext context(String uri) {
        return ApplicationContext.run(Map.of("modelyard.store.uri", uri, "modelyard.registry.watch", "false",
                "modelyard.data-dir", folder.resolve("data").toString()));
    }
}
