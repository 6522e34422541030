package io.modelyard.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.TestServer;
import io.modelyard.TestServer.Answer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A server to which models are sent, and the samples of this repository to send. */
final class SendingHouse implements AutoCloseable {
    static final Path CANCER_1 = Path.of("models-local/models/breast-cancer/1");
    static final Path CANCER_2 = Path.of("models-local/models/breast-cancer/2");
    static final Path DIGITS_SAVED_MODEL = Path.of("models-local/models/digits/1");
    static final Path DIGITS_2 = Path.of("models-local/models/digits/2");

    private final TestServer server;

    SendingHouse(TestServer.Builder server) {
        // Whatever is found in the store was sent.
        this.server = server.with("modelyard.publish.drop", "off").start();
    }

    TestServer server() {
        return server;
    }

    /** As {@code curl -T file} sends it: no type, no name. */
    Answer put(String path, byte[] body) {
        TestServer.Client client = server.as(server.adminKey());
        return client.send(client.request(path).PUT(BodyPublishers.ofByteArray(body)));
    }

    Answer put(String path, String contentType, byte[] body) {
        return server.as(server.adminKey()).send("PUT", path, contentType, BodyPublishers.ofByteArray(body));
    }

    Answer putForm(String path, Form form) {
        return put(path, Form.TYPE, form.end());
    }

    /** Nothing of a version is in the store, and nothing of any upload on the disk. */
    void assertNothingOf(String id) {
        assertThat(server.get("/models/" + id).status()).isEqualTo(404);
        assertThat(below(server.store().resolve("registry").resolve(id + ".json"))).isEmpty();
        assertThat(below(server.store().resolve("models").resolve(id))).isEmpty();
        assertThat(uploads()).isEmpty();
    }

    /** What lies in the work directory. */
    List<Path> uploads() {
        return below(server.dataDirectory().resolve("publish"));
    }

    /** All files and folders below a folder, which may be on their way out. */
    static List<Path> below(Path folder) {
        while (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                return files.filter(file -> !file.equals(folder) || Files.isRegularFile(file)).toList();
            } catch (IOException | UncheckedIOException e) {
                if (!(e instanceof NoSuchFileException || e.getCause() instanceof NoSuchFileException)) {
                    throw new AssertionError(e);
                }
            }
        }
        return List.of();
    }

    /** The only file that is a model in one of the samples. */
    static byte[] model(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return Files.readAllBytes(files.findFirst().orElseThrow());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A body of {@code multipart/form-data} as curl writes it. */
    static final class Form {
        static final String TYPE = "multipart/form-data; boundary=------------------------d74496d66958873e";
        private static final String BOUNDARY = "--------------------------d74496d66958873e";

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Form file(String name, String fileName, byte[] content) {
            return part(
                    "name=\"" + name + "\"; filename=\"" + fileName + "\"\r\nContent-Type: application/octet-stream",
                    content);
        }

        Form field(String name, String content) {
            return part("name=\"" + name + "\"", content.getBytes(StandardCharsets.UTF_8));
        }

        private Form part(String head, byte[] content) {
            text(BOUNDARY + "\r\nContent-Disposition: form-data; " + head + "\r\n\r\n");
            bytes.writeBytes(content);
            text("\r\n");
            return this;
        }

        byte[] end() {
            text(BOUNDARY + "--\r\n");
            return bytes.toByteArray();
        }

        private void text(String text) {
            bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
