package io.modelyard.requestlog;

import static io.modelyard.requestlog.Exchanges.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelyard.database.Database;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What becomes of the log when its file is new, damaged or gone. */
final class SqliteDatabaseTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void theFolderIsMadeAndTheFileIsSetUpForOneWriterAndManyReaders() throws Exception {
        Path deep = folder.resolve("not/there/yet");
        try (LogServer server = LogServer.start(deep, Map.of())) {
            server.log().append(List.of(row("a", 1)));
            try (Connection connection = server.bean(Database.class).connect()) {
                assertThat(pragma(connection, "journal_mode")).isEqualTo("wal");
                assertThat(pragma(connection, "synchronous")).as("NORMAL").isEqualTo("1");
                assertThat(pragma(connection, "auto_vacuum")).as("INCREMENTAL").isEqualTo("2");
                assertThat(pragma(connection, "busy_timeout")).isEqualTo("2000");
            }
        }
    }

    @Test
    void whatTheUrlSaysWins() throws Exception {
        String url = "jdbc:sqlite:" + LogServer.file(folder) + "?synchronous=FULL&busy_timeout=77";
        try (LogServer server = LogServer.start(folder, Map.of("modelyard.requestlog.url", url));
                Connection connection = server.bean(Database.class).connect()) {
            assertThat(pragma(connection, "synchronous")).as("FULL").isEqualTo("2");
            assertThat(pragma(connection, "busy_timeout")).isEqualTo("77");
            assertThat(pragma(connection, "journal_mode")).isEqualTo("wal");
        }
    }

    @Test
    void rowsAreThereAfterARestart() {
        try (LogServer server = LogServer.start(folder, Map.of())) {
            server.log().append(List.of(row("a", 1)));
        }
        try (LogServer server = LogServer.start(folder, Map.of())) {
            assertThat(server.log().find("a")).isPresent();
        }
    }

    @Test
    void aDamagedFileAtStartIsKeptAsideAndANewOneBegun() throws IOException {
        byte[] noDatabase = "this is no database ".repeat(500).getBytes(StandardCharsets.UTF_8);
        Files.write(LogServer.file(folder), noDatabase);
        try (LogServer server = LogServer.start(folder, Map.of())) {
            server.log().append(List.of(row("a", 1)));
            assertThat(server.log().find("a")).isPresent();
        }
        assertThat(aside()).singleElement().satisfies(kept -> assertThat(kept).hasBinaryContent(noDatabase));
    }

    @Test
    void aFileThatIsDamagedWhileInUseIsKeptAsideAndANewOneBegun() throws Exception {
        try (LogServer server = LogServer.start(folder, Map.of())) {
            server.log().append(IntStream.range(0, 500).mapToObj(i -> row("a" + i, i)).toList());
            try (Connection connection = server.connect(); Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
            }
            try (FileChannel file = FileChannel.open(LogServer.file(folder), StandardOpenOption.WRITE)) {
                file.write(ByteBuffer.allocate((int) file.size()), 0);
            }
            assertThatThrownBy(() -> server.log().append(List.of(row("b", 1))))
                    .isInstanceOf(RequestLogException.class).hasMessageContaining("cannot be written");
            server.log().append(List.of(row("b", 1)));
            assertThat(server.log().find("b")).isPresent();
            assertThat(server.log().find("a1")).isEmpty();
        }
        assertThat(aside()).isNotEmpty();
    }

    @Test
    void aFileThatIsDeletedWhileInUseIsBegunAnew() throws IOException {
        try (LogServer server = LogServer.start(folder, Map.of())) {
            server.log().append(List.of(row("a", 1)));
            for (String part : List.of("", "-wal", "-shm")) {
                Files.deleteIfExists(Path.of(LogServer.file(folder) + part));
            }
            server.log().append(List.of(row("b", 1)));
            assertThat(server.log().find("b")).isPresent();
            assertThat(server.log().find("a")).isEmpty();
        }
        assertThat(LogServer.file(folder)).exists();
    }

    @Test
    void aFolderThatCannotBeMadeKeepsNoServerFromStarting() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        try (LogServer server = LogServer.start(folder, Map.of("modelyard.requestlog.url",
                "jdbc:sqlite:" + file.resolve("below/requestlog.db")))) {
            assertThatThrownBy(() -> server.log().find("a")).isInstanceOf(RequestLogException.class)
                    .hasMessageContaining("cannot be read");
            assertThatThrownBy(() -> server.log().append(List.of(row("a", 1))))
                    .isInstanceOf(RequestLogException.class);
            Files.delete(file);
            server.log().append(List.of(row("a", 1)));
            assertThat(server.log().find("a")).isPresent();
        }
    }

    @Test
    void aUrlOfSomethingElseIsRefusedWithTheNameOfTheProperty() {
        for (String url : List.of("jdbc:mysql://x/y", "jdbc:sqlite:", "jdbc:sqlite::memory:", "requestlog.db")) {
            // A server that does not start keeps its folder until it is collected.
            Path own = folder.resolve(UUID.randomUUID().toString());
            assertThatThrownBy(() -> LogServer.start(own, Map.of("modelyard.requestlog.url", url)).close())
                    .as(url).hasStackTraceContaining("modelyard.requestlog.url is '" + url + "'");
        }
    }

    private List<Path> aside() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("requestlog\\.db\\.corrupt-\\w+"))
                    .toList();
        }
    }

    private static String pragma(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("PRAGMA " + name)) {
            return result.getString(1);
        }
    }
}
