package io.modelyard.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.TestServer;
import io.modelyard.TestServer.Answer;
import io.modelyard.publish.SendingHouse.Form;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;

/** What is sent and cannot be published: the caller is told what is wrong and where, and nothing is left of it. */
final class SentRefusalsTest {
    private static final byte[] MODEL = SendingHouse.model(SendingHouse.CANCER_1);
    private static SendingHouse house;

    /** @param says what the answer must say, each of them */
    private record Refusal(String name, String contentType, byte[] body, int status, String code, String... says) {
        static Refusal ofTar(String name, byte[] tar, String... says) {
            return new Refusal(name, "application/x-tar", tar, 422, "invalid_model", says);
        }

        static Refusal ofFile(String name, byte[] body, String... says) {
            return new Refusal(name, "application/octet-stream", body, 422, "invalid_model", says);
        }

        static Refusal ofForm(String name, Form form, int status, String code, String... says) {
            return new Refusal(name, Form.TYPE, form.end(), status, code, says);
        }
    }

    @BeforeAll
    static void start() {
        house = new SendingHouse(TestServer.prepare().with("modelyard.publish.max-bytes", "1MB")
                .with("modelyard.publish.max-files", 5));
    }

    @AfterAll
    static void stop() {
        house.close();
    }

    @TestFactory
    Stream<DynamicTest> isRefused() {
        return Stream.concat(Stream.concat(tars(), files()), forms()).map(refusal -> DynamicTest.dynamicTest(
                refusal.name(), () -> {
                    Answer answer = house.put("/models/bad/1", refusal.contentType(), refusal.body());
                    assertThat(answer.status()).as(answer.text()).isEqualTo(refusal.status());
                    assertThat(answer.code()).isEqualTo(refusal.code());
                    assertThat(answer.detail()).contains(refusal.says())
                            .doesNotContain(house.server().dataDirectory().toString());
                    house.assertNothingOf("bad/1");
                }));
    }

    private static Stream<Refusal> tars() {
        byte[] whole = new Tars().file("model.ubj", MODEL).end();
        byte[] damaged = whole.clone();
        damaged[10] ^= 1;
        byte[] packed = Tars.gzip(whole);
        return Stream.of(
                Refusal.ofTar("an absolute path", tar("/etc/cron.d/x"), "entry 1", "'/etc/cron.d/x'", "relative"),
                Refusal.ofTar("a way out", tar("a/../../x"), "entry 1", "'a/../../x'", "'..'"),
                Refusal.ofTar("only dots", tar(".."), "entry 1", "'..'"),
                Refusal.ofTar("a drive", tar("C:x"), "entry 1", "relative"),
                Refusal.ofTar("nothing between slashes", tar("a//b"), "entry 1", "nothing"),
                Refusal.ofTar("a backslash", tar("a\\b"), "entry 1", "forward slashes"),
                Refusal.ofTar("a control character", tar("a\nb"), "entry 1", "control"),
                Refusal.ofTar("a long name", tar("n".repeat(513)), "entry 1", "512"),
                Refusal.ofTar("an endless name", Tars.gzip(new Tars().longName(new byte[2_000_000]).end()), "header"),
                Refusal.ofTar("two of one name", tar("model.ubj"), "entry 1", "two files"),
                Refusal.ofTar("two of nearly one name", tar("Model.ubj"), "entry 1", "'model.ubj'"),
                Refusal.ofTar("a file in a file", tar("model.ubj/x"), "entry 1", "file and a folder"),
                Refusal.ofTar("a file that was a folder",
                        new Tars().file("a/model.ubj", MODEL).file("a", new byte[1]).end(), "entry 1",
                        "file and a folder"),
                Refusal.ofTar("a symbolic link", new Tars().link("passwd", "/etc/passwd").end(), "entry 0", "link",
                        "tar -h"),
                Refusal.ofTar("a hard link", new Tars().special("x", TarConstants.LF_LINK).end(), "entry 0", "link"),
                Refusal.ofTar("a device", new Tars().special("x", TarConstants.LF_CHR).end(), "entry 0",
                        "not a plain file"),
                Refusal.ofTar("a disk", new Tars().special("x", TarConstants.LF_BLK).end(), "entry 0",
                        "not a plain file"),
                Refusal.ofTar("a pipe", new Tars().special("x", TarConstants.LF_FIFO).end(), "entry 0",
                        "not a plain file"),
                Refusal.ofTar("too many files", new Tars().files(6).end(), "entry 5", "more than 5 files"),
                Refusal.ofTar("a bomb", Tars.gzip(new Tars().file("a", new byte[900_000])
                        .file("model.ubj", new byte[200_000]).end()), "entry 1", "1048576", "max-bytes"),
                Refusal.ofTar("a hidden bomb", Tars.gzip(new Tars().file(".a", new byte[1_100_000]).end()), "entry 0",
                        "max-bytes"),
                Refusal.ofTar("no file", new Tars().end(), "no model was sent"),
                Refusal.ofTar("no model", new Tars().file("a.txt", new byte[1]).file("b.txt", new byte[1]).end(),
                        "there is no model", "served are"),
                Refusal.ofTar("two models", new Tars().file("a.ubj", MODEL).file("b.ubj", MODEL).end(),
                        "several models", "a.ubj", "b.ubj"),
                torn("half a file", Arrays.copyOf(whole, 5_000)),
                torn("no end", Arrays.copyOf(whole, 512 + (MODEL.length + 511) / 512 * 512)),
                torn("a damaged header", damaged),
                torn("half a gzip", Arrays.copyOf(packed, packed.length / 2)),
                torn("no tar", MODEL));
    }

    private static Refusal torn(String name, byte[] body) {
        return new Refusal(name, "application/x-tar", body, 400, "bad_parameter", "whole");
    }

    private static Stream<Refusal> files() {
        byte[] damaged = MODEL.clone();
        Arrays.fill(damaged, 5_000, 6_000, (byte) 0x7f);
        byte[] gzip = Tars.gzip(MODEL);
        gzip[gzip.length - 6] ^= 1;
        return Stream.of(
                Refusal.ofFile("a damaged model", damaged, "model.ubj"),
                Refusal.ofFile("a pickle", new byte[]{(byte) 0x80, 4, (byte) 0x95, 1, 2, 3}, "model.pkl is a pickle"),
                Refusal.ofFile("a zip", new byte[]{'P', 'K', 3, 4, 0, 0}, "zip", "tar"),
                Refusal.ofFile("Keras", new byte[]{(byte) 0x89, 'H', 'D', 'F', 13, 10}, "Keras", "SavedModel"),
                Refusal.ofFile("a text", "hello".getBytes(StandardCharsets.UTF_8), "served are"),
                Refusal.ofFile("some JSON", "{\"a\": 1}".getBytes(StandardCharsets.UTF_8), "model.json"),
                Refusal.ofFile("what begins as ONNX", new byte[]{8, 1, 2, 3}, "model.onnx"),
                Refusal.ofFile("a bomb", Tars.gzip(new byte[1_100_000]), "the body", "max-bytes"),
                new Refusal("a damaged gzip", "application/gzip", gzip, 400, "bad_parameter", "gzip"));
    }

    private static Stream<Refusal> forms() {
        return Stream.of(
                Refusal.ofForm("another part", new Form().field("metadata", "{}"), 400, "bad_parameter", "'metadata'",
                        "'manifest'"),
                Refusal.ofForm("two manifests", model().field("manifest", "{}").field("manifest", "{}"), 400,
                        "bad_parameter", "at most one"),
                Refusal.ofForm("no model", new Form().field("manifest", "{}"), 422, "invalid_model",
                        "no model was sent"),
                Refusal.ofForm("a file name that leads away", new Form().file("model", "/tmp/x.ubj", MODEL), 422,
                        "invalid_model", "'model', /tmp/x.ubj", "relative"),
                Refusal.ofForm("a manifest that is no JSON", model().field("manifest", "{"), 422, "invalid_manifest",
                        "line 1"),
                Refusal.ofForm("a manifest for another", model().field("manifest", "{\"type\": \"good\"}"), 422,
                        "invalid_manifest", "/type"),
                Refusal.ofForm("a manifest with a slip", model().field("manifest", "{\"lables\": {}}"), 422,
                        "invalid_manifest", "lables"),
                Refusal.ofForm("who made it", model().field("manifest", "{\"created_by\": \"me\"}"), 422,
                        "invalid_manifest", "/created_by", "admin"),
                Refusal.ofForm("an example that does not come out",
                        model().field("manifest", "{\"examples\": [{\"inputs\": [[" + "1,".repeat(29)
                                + "1]], \"outputs\": [[7, 7]]}]}"),
                        422, "invalid_model", "example 0", "expected"),
                new Refusal("no boundary", "multipart/form-data", MODEL, 400, "bad_parameter", "multipart/form-data"),
                new Refusal("half a form", Form.TYPE, Arrays.copyOf(model().end(), 3_000), 400, "bad_parameter",
                        "multipart/form-data", "last boundary"));
    }

    private static Form model() {
        return new Form().file("model", "model.ubj", MODEL);
    }

    private static byte[] tar(String second) {
        return new Tars().file("model.ubj", MODEL).file(second, new byte[1]).end();
    }

    @Test
    void anEmptyBodyIsToldSo() {
        Answer answer = house.put("/models/bad/1", new byte[0]);
        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.detail()).contains("needs a body");
        house.assertNothingOf("bad/1");
    }

    @Test
    void aNameThatIsNoneIsToldSo() {
        Answer version = house.put("/models/bad/latest", MODEL);
        assertThat(version.status()).isEqualTo(400);
        assertThat(version.detail()).contains("'latest'", "word of the API");
        Answer type = house.put("/models/BAD/1", MODEL);
        assertThat(type.status()).isEqualTo(400);
        assertThat(type.detail()).contains("'BAD'");
        Answer file = house.put("/models/bad/1?file=../model.ubj", MODEL);
        assertThat(file.status()).isEqualTo(422);
        assertThat(file.detail()).contains("the body", "'..'");
    }
}
