package io.modelyard.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.model.ApiKey;
import io.modelyard.model.KeyLimits;
import io.modelyard.model.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/** A file of keys is read when it changes, and a broken one leaves what was read before. */
final class KeysFileTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final String HASH = "ab".repeat(32);

    @TempDir
    Path folder;

    @Test
    void holdsWhatAKeyDocumentHolds() throws IOException {
        KeysFile file = file(
                """
                {"keys": [{"id": "ci", "hash": "%s", "roles": ["publish"], "types": ["penguins"],
                "expires_at": "2027-01-01T00:00:00Z", "limits": {"rows": {"per_second": 2.5, "burst": 7}}}]}
                """.formatted(HASH));
        ApiKey key = file.keys().values().iterator().next();
        assertThat(key.id()).isEqualTo("ci");
        assertThat(key.hash()).isEqualTo(HASH);
        assertThat(key.roles()).containsExactly(Role.PUBLISH);
        assertThat(key.types()).isEqualTo(Set.of("penguins"));
        assertThat(key.expiresAt()).isEqualTo("2027-01-01T00:00:00Z");
        assertThat(key.limits()).isEqualTo(new KeyLimits(null, new KeyLimits.Rate(2.5, 7)));
        assertThat(file.content().problem()).isNull();
    }

    @Test
    void isReadAgainWhenItChangesAndNotBefore() throws IOException {
        KeysFile file = file(entry("a"));
        Map<String, ApiKey> before = file.keys();
        file.look();
        assertThat(file.keys()).isSameAs(before);
        write(entry("b"));
        file.look();
        assertThat(file.keys()).containsOnlyKeys("b");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "nonsense | it is not JSON (line 1", "[] | one member, the array \"keys\"",
            "{\"keys\": [], \"kesy\": []} | one member", "{\"keys\": [1]} | /keys/0: it is not an object",
            "{\"keys\": [{\"id\": \"a\", \"hash\": \"1\"}]} | /keys/0: /hash",
            "{\"keys\": [{\"id\": \"a\", \"hash\": \"HASH\", \"role\": []}]} | /keys/0: there is no member 'role'",
            "{\"keys\": [{\"id\": \"a\", \"hash\": \"HASH\"}, {\"id\": \"b\", \"hash\": \"HASH\"}]} | /keys/1: the id or the hash of 'b'"})
    void aBrokenOneLeavesWhatWasReadBeforeAndSaysWhatIsWrong(String broken, String problem) throws IOException {
        KeysFile file = file(entry("good"));
        write(broken.replace("HASH", HASH));
        file.look();
        assertThat(file.keys()).containsOnlyKeys("good");
        assertThat(file.content().problem()).contains(problem.strip());

        write(entry("mended"));
        file.look();
        assertThat(file.keys()).containsOnlyKeys("mended");
        assertThat(file.content().problem()).isNull();
    }

    @Test
    void onesThatVanishStayInForce() throws IOException {
        KeysFile file = file(entry("good"));
        Files.delete(folder.resolve("keys.json"));
        file.look();
        assertThat(file.keys()).containsOnlyKeys("good");
        assertThat(file.content().problem()).contains("no such file");
        write(entry("good"));
        file.look();
        assertThat(file.content().problem()).isNull();
    }

    @Test
    void anAdminCountsOnlyWhileItIsValid() throws IOException {
        String admin = """
                       {"keys": [{"id": "a", "hash": "%s", "roles": ["admin"], "expires_at": "%s"}]}""";
        assertThat(file(admin.formatted(HASH, NOW.plusSeconds(1))).holdsValidAdmin()).isTrue();
        assertThat(file(admin.formatted(HASH, NOW)).holdsValidAdmin()).isFalse();
        assertThat(file(entry("other")).holdsValidAdmin()).isFalse();
    }

    private static String entry(String id) {
        return "{\"keys\": [{\"id\": \"" + id + "\", \"hash\": \"" + HASH + "\"}]}";
    }

    private KeysFile file(String text) throws IOException {
        write(text);
        return KeysFiles.at(folder.resolve("keys.json"), () -> NOW);
    }

    private void write(String text) throws IOException {
        Files.writeString(folder.resolve("keys.json"), text);
    }
}
