package io.modelyard.dashboard;

import jakarta.inject.Singleton;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of the page, read from the class path once. They are served below a path that names their content, so a browser keeps
 * them for good and never mixes those of two versions; only the page itself is asked for again.
 */
@Singleton
final class Page {
    private static final String FOLDER = "dashboard";
    private static final String INDEX = "index.html";
    private static final Pattern INLINE_SCRIPT = Pattern.compile("<script type=\"importmap\">(.*?)</script>",
            Pattern.DOTALL);

    private final Map<String, PageFile> files;
    private final String version;
    private final PageFile index;
    private final String policy;

    Page() {
        Map<String, byte[]> read = read();
        this.version = version(read);
        String html = new String(Objects.requireNonNull(read.remove(INDEX)), StandardCharsets.UTF_8)
                .replace("=\"/dashboard/",
                        "=\"/dashboard/" + version + "/")
                .replace(": \"/dashboard/", ": \"/dashboard/" + version + "/");
        this.index = PageFile.of(INDEX, html.getBytes(StandardCharsets.UTF_8));
        this.policy = policy(html);
        this.files = new TreeMap<>();
        read.forEach((name, content) -> files.put(name, PageFile.of(name, content)));
    }

    /** The page itself. */
    PageFile index() {
        return index;
    }

    /** Which content the page may have, as {@code Content-Security-Policy} has it. */
    String policy() {
        return policy;
    }

    /**
     * One of its files.
     *
     * @param wanted the version of all files that it belongs to
     * @return empty where there is none, or this is not that version
     */
    Optional<PageFile> file(String wanted, String name) {
        return Optional.ofNullable(files.get(name)).filter(_ -> wanted.equals(version));
    }

    /** Nothing from elsewhere, and no script but our own files and the one that says where they are. */
    private static String policy(String html) {
        Matcher script = INLINE_SCRIPT.matcher(html);
        if (!script.find()) {
            throw new IllegalStateException("the page does not say where its libraries are");
        }
        return "default-src 'none'; script-src 'self' " + Digest.forPolicy(script.group(1).getBytes(
                StandardCharsets.UTF_8))
                + "; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none';"
                + " frame-ancestors 'none'";
    }

    private static String version(Map<String, byte[]> files) {
        MessageDigest all = Digest.sha256();
        files.forEach((name, content) -> {
            all.update(name.getBytes(StandardCharsets.UTF_8));
            all.update(content);
        });
        return HexFormat.of().formatHex(all.digest()).substring(0, 12);
    }

    private static Map<String, byte[]> read() {
        URL index = Page.class.getClassLoader().getResource(FOLDER + "/" + INDEX);
        if (index == null) {
            throw new IllegalStateException("this build has no dashboard");
        }
        try {
            if (index.openConnection() instanceof JarURLConnection jar) {
                try (FileSystem inside = FileSystems.newFileSystem(Path.of(jar.getJarFileURL().toURI()))) {
                    return below(inside.getPath(FOLDER));
                }
            }
            return below(Path.of(index.toURI()).resolveSibling(""));
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("the files of the dashboard cannot be read from " + index, e);
        }
    }

    private static Map<String, byte[]> below(Path folder) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(folder.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
            }
        }
        return files;
    }
}
