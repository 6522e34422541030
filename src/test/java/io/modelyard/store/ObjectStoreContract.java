package io.modelyard.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.store.ObjectStore.Changed;
import io.modelyard.store.ObjectStore.Content;
import io.modelyard.store.ObjectStore.Creation;
import io.modelyard.store.ObjectStore.Entry;
import io.modelyard.store.ObjectStore.Opening;
import io.modelyard.store.ObjectStore.Page;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/** What every {@link ObjectStore} keeps to. An adapter's test extends this and says how to get an empty store. */
public abstract class ObjectStoreContract {
    private static final int RACERS = 24;

    private ObjectStore store;

    /** A store in which nothing lies, also when this is called again. */
    protected abstract ObjectStore emptyStore() throws IOException;

    protected final ObjectStore store() {
        return store;
    }

    @BeforeEach
    final void openEmptyStore() throws IOException {
        store = emptyStore();
    }

    @Test
    void anEmptyStoreListsNothing() {
        assertThat(store.list("")).isEmpty();
        assertThat(store.list("registry/")).isEmpty();
        assertThat(store.get("registry/t/1.json")).isEmpty();
    }

    @Test
    void givesBackWhatWasCreated() {
        Creation creation = store.create("registry/t/1.json", utf8("{}"));

        Content content = store.get("registry/t/1.json").orElseThrow();
        assertThat(content.bytes()).isEqualTo(utf8("{}"));
        assertThat(creation).isEqualTo(new Creation.Created(content.etag()));
        Entry entry = store.list("registry/").getFirst();
        assertThat(entry.key()).isEqualTo("registry/t/1.json");
        assertThat(entry.size()).isEqualTo(2);
        assertThat(entry.etag()).isEqualTo(content.etag());
        assertThat(entry.lastModified()).isBetween(Instant.now().minus(Duration.ofHours(1)),
                Instant.now().plus(Duration.ofHours(1)));
    }

    @Test
    void createsOnlyWhatIsNotThere() {
        store.create("a/b", utf8("first"));

        assertThat(store.create("a/b", utf8("second"))).isEqualTo(new Creation.Exists());
        assertThat(text("a/b")).isEqualTo("first");
    }

    @Test
    void letsOneOfManyRacingWritersCreate() throws Exception {
        for (int round = 0; round < 5; round++) {
            String key = "race/" + round;
            List<Creation> answers = race(racer -> store.create(key, utf8("by " + racer)));

            List<Integer> winners = IntStream.range(0, RACERS)
                    .filter(racer -> answers.get(racer) instanceof Creation.Created).boxed().toList();
            assertThat(winners).hasSize(1);
            assertThat(text(key)).isEqualTo("by " + winners.getFirst());
        }
        assertThat(store.list("race/")).hasSize(5);
    }

    @Test
    void letsManyWritersCreateSideBySide() throws Exception {
        List<Creation> answers = race(racer -> store.create("side/" + racer % 3 + "/" + racer, utf8("x")));

        assertThat(answers).allMatch(Creation.Created.class::isInstance);
        assertThat(store.list("side/")).hasSize(RACERS);
    }

    @Test
    void createsFromAFileAndOnlyOnce(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("model.bin"), bytes(300_000, 1));
        Path other = Files.write(folder.resolve("other.bin"), bytes(10, 2));

        assertThat(store.create("models/t/1/model.bin", file)).isInstanceOf(Creation.Created.class);
        assertThat(store.create("models/t/1/model.bin", other)).isEqualTo(new Creation.Exists());

        assertThat(read("models/t/1/model.bin", 0)).isEqualTo(bytes(300_000, 1));
        Files.write(file, bytes(5, 3));
        assertThat(read("models/t/1/model.bin", 0)).isEqualTo(bytes(300_000, 1));
    }

    @Test
    void keepsBigObjects(@TempDir Path folder) throws IOException {
        int size = 20 * 1024 * 1024 + 7;
        Path file = Files.write(folder.resolve("big.bin"), bytes(size, 4));

        Creation creation = store.create("models/t/1/big.bin", file);

        Entry entry = store.list("models/t/1/").getFirst();
        assertThat(entry.size()).isEqualTo(size);
        assertThat(creation).isEqualTo(new Creation.Created(entry.etag()));
        assertThat(Arrays.equals(read("models/t/1/big.bin", 0), bytes(size, 4))).isTrue();
        assertThat(store.getIfChanged("models/t/1/big.bin", entry.etag())).isEqualTo(new Changed.NotModified());
    }

    @Test
    void keepsEmptyObjects(@TempDir Path folder) throws IOException {
        store.create("empty/1", new byte[0]);
        store.create("empty/2", Files.createFile(folder.resolve("empty")));
        store.put("empty/3", new byte[0]);

        assertThat(store.list("empty/")).hasSize(3).allMatch(entry -> entry.size() == 0);
        assertThat(store.get("empty/2").orElseThrow().bytes()).isEmpty();
        assertThat(read("empty/1", 0)).isEmpty();
    }

    @Test
    void overwritesByPut() {
        String first = store.put("generation", utf8("one"));
        String second = store.put("generation", utf8("two"));

        assertThat(second).isNotEqualTo(first);
        assertThat(text("generation")).isEqualTo("two");
        assertThat(store.get("generation").orElseThrow().etag()).isEqualTo(second);
        assertThat(store.list("gen")).hasSize(1);
    }

    @Test
    void noReaderSeesAPartOfAnObject() throws Exception {
        byte[] ones = new byte[200_000];
        Arrays.fill(ones, (byte) 1);
        byte[] twos = new byte[150_000];
        Arrays.fill(twos, (byte) 2);
        store.put("generation", ones);
        AtomicBoolean done = new AtomicBoolean();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> reads = threads.submit(() -> {
                int count = 0;
                while (!done.get() || count == 0) {
                    byte[] seen = store.get("generation").orElseThrow().bytes();
                    assertThat(Arrays.equals(seen, ones) || Arrays.equals(seen, twos)).isTrue();
                    count++;
                }
                return count;
            });
            for (int i = 0; i < 30; i++) {
                store.put("generation", i % 2 == 0 ? twos : ones);
                String key = "whole/" + i;
                store.create(key, twos);
                assertThat(store.list(key).getFirst().size()).isEqualTo(twos.length);
            }
            done.set(true);
            assertThat(reads.get()).isPositive();
        }
    }

    @Test
    void listsAllKeysInOrderByPrefix() {
        List<String> keys = List.of("access/k/1", "registry/a-b/1.json", "registry/a.b/1.json", "registry/a/1.json",
                "registry/a/10.json", "registry/a/2.json", "registry/ab/1.json", "registryx/1", "zoo");
        keys.reversed().forEach(key -> store.create(key, utf8(key)));

        assertThat(listed("")).containsExactlyElementsOf(keys);
        assertThat(listed("registry/")).containsExactlyElementsOf(keys.subList(1, 7));
        assertThat(listed("registry/a/1")).containsExactly("registry/a/1.json", "registry/a/10.json");
        assertThat(listed("registry")).containsExactlyElementsOf(keys.subList(1, 8));
        assertThat(listed("zoo")).containsExactly("zoo");
        assertThat(listed("zoo/")).isEmpty();
        assertThat(listed("nothing/here/")).isEmpty();
    }

    @Test
    void listsWhatComesAfterAKey() {
        for (int i = 0; i < 5; i++) {
            store.create("changes/2026-0" + i, utf8("x"));
        }

        assertThat(keys(store.list("changes/", "changes/2026-02"))).containsExactly("changes/2026-03",
                "changes/2026-04");
        assertThat(keys(store.list("changes/", "changes/2026-021"))).hasSize(2);
        assertThat(keys(store.list("changes/", "a"))).hasSize(5);
        assertThat(keys(store.list("changes/", "changes/2026-04"))).isEmpty();
    }

    @Test
    void listsMoreThanAPageHolds() throws Exception {
        int count = 1_203;
        List<Callable<Creation>> writes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String key = "many/%05d".formatted(i);
            writes.add(() -> store.create(key, utf8("x")));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (Future<Creation> write : threads.invokeAll(writes)) {
                write.get();
            }
        }

        List<String> listed = listed("many/");
        assertThat(listed).hasSize(count).isSorted();
        assertThat(keys(store.list("many/", "many/01000"))).hasSize(202);
    }

    @Test
    void anETagChangesWithTheContentAndOnlyThen() {
        String first = store.put("doc", utf8("aaaa"));
        String second = store.put("doc", utf8("aaab"));

        assertThat(second).isNotEqualTo(first);
        assertThat(store.list("doc").getFirst().etag()).isEqualTo(second);
        assertThat(store.list("doc").getFirst().etag()).isEqualTo(second);
        assertThat(store.get("doc").map(Content::etag)).hasValue(second);
    }

    @Test
    void readsOnlyWhatChanged() {
        String first = store.put("generation", utf8("one"));

        assertThat(store.getIfChanged("generation", first)).isEqualTo(new Changed.NotModified());

        String second = store.put("generation", utf8("two"));
        assertThat(store.getIfChanged("generation", first)).isInstanceOfSatisfying(Changed.Found.class, found -> {
            assertThat(found.content().bytes()).isEqualTo(utf8("two"));
            assertThat(found.content().etag()).isEqualTo(second);
        });
        assertThat(store.getIfChanged("generation", second)).isEqualTo(new Changed.NotModified());
        store.delete("generation");
        assertThat(store.getIfChanged("generation", second)).isEqualTo(new Changed.Absent());
        assertThat(store.getIfChanged("never", second)).isEqualTo(new Changed.Absent());
    }

    @Test
    void opensFromAnOffset() throws IOException {
        store.create("file", utf8("0123456789"));

        assertThat(read("file", 0)).isEqualTo(utf8("0123456789"));
        assertThat(read("file", 7)).isEqualTo(utf8("789"));
        assertThat(read("file", 10)).isEmpty();
    }

    @Test
    void opensNothingWhereNothingIs() {
        assertThat(store.open("models/t/1/absent", 0, null)).isEqualTo(new Opening.Absent());
        assertThat(store.open("models/t/1/absent", 3, "etag")).isEqualTo(new Opening.Absent());
    }

    @Test
    void goesOnOnlyWithTheObjectThatWasOpened() throws IOException {
        store.put("file", utf8("0123456789"));
        String etag = ((Opening.Found) store.open("file", 0, null)).etag();

        assertThat(store.open("file", 4, etag)).isInstanceOfSatisfying(Opening.Found.class, found -> {
            assertThat(found.etag()).isEqualTo(etag);
            assertThat(found.bytes()).hasContent("456789");
        });
        assertThat(store.list("file").getFirst().etag()).isEqualTo(etag);
        store.put("file", utf8("abcdefghij"));

        assertThat(store.open("file", 4, etag)).isEqualTo(new Opening.Replaced());
    }

    @Test
    void walksAListingPageByPage() {
        // In an order of creation that is not that of the keys, with folders between files.
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 1_100; i++) {
            keys.add("walk/" + (i * 7919 % 1_100) + (i % 3 == 0 ? "/file" : i % 3 == 1 ? ".json" : "-x"));
        }
        keys.parallelStream().forEach(key -> store.create(key, utf8("x")));

        List<String> walked = new ArrayList<>();
        String after = "";
        for (Page page = store.page("walk/", after);; page = store.page("walk/", after)) {
            walked.addAll(keys(page.entries()));
            if (page.isLast()) {
                break;
            }
            assertThat(page.entries()).isNotEmpty();
            after = walked.getLast();
        }

        assertThat(walked).containsExactlyElementsOf(keys.stream().sorted().toList());
        assertThat(store.page("walk/", walked.getLast())).isEqualTo(new Page(List.of(), true));
        assertThat(store.page("nothing/", "")).isEqualTo(new Page(List.of(), true));
    }

    @Test
    void deletesOnceOrMore() {
        store.create("a/b/c", utf8("x"));
        store.create("a/b/d", utf8("y"));

        store.delete("a/b/c");
        store.delete("a/b/c");
        store.delete("never/there");

        assertThat(listed("")).containsExactly("a/b/d");
        assertThat(store.get("a/b/c")).isEmpty();
        assertThat(store.create("a/b/c", utf8("again"))).isInstanceOf(Creation.Created.class);
        assertThat(text("a/b/c")).isEqualTo("again");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "Models/UPPER/lower", "0-._~!@$&'()*+,;=:", "with space/and  two",
            "per%20cent/%2F/100%",
            "hash#tag/question?x=1&y=2", "brackets[1]{2}<3>|^`\"", "ümläut/naïve", "模型/数据", "emoji-\uD83D\uDE00/x",
            "e\u0301-combining",
            "trailing.dot./x", "dots..inside/x", "double.json.json"})
    void keepsEveryKeyAsItIs(String key) throws IOException {
        assertThat(store.create(key, utf8(key))).isInstanceOf(Creation.Created.class);

        assertThat(text(key)).isEqualTo(key);
        assertThat(listed("")).containsExactly(key);
        assertThat(listed(key)).containsExactly(key);
        assertThat(read(key, 0)).isEqualTo(utf8(key));
        store.delete(key);
        assertThat(listed("")).isEmpty();
    }

    @Test
    void lettersOfAnotherCaseAreAnotherKey() {
        store.create("registry/t/a.json", utf8("lower"));

        assertThat(store.get("registry/t/A.json")).isEmpty();
        assertThat(store.get("registry/T/a.json")).isEmpty();
        assertThat(listed("registry/T")).isEmpty();
    }

    @Test
    void saysWhereItIs() {
        assertThat(store.location()).isNotBlank();
    }

    private interface Racer<T> {
        T run(int racer) throws Exception;
    }

    private static <T> List<T> race(Racer<T> racer) throws Exception {
        CyclicBarrier start = new CyclicBarrier(RACERS);
        try (ExecutorService threads = Executors.newFixedThreadPool(RACERS)) {
            List<Future<T>> answers = IntStream.range(0, RACERS).mapToObj(number -> threads.submit(() -> {
                start.await();
                return racer.run(number);
            })).toList();
            List<T> results = new ArrayList<>();
            for (Future<T> answer : answers) {
                results.add(answer.get());
            }
            return results;
        }
    }

    private List<String> listed(String prefix) {
        return keys(store.list(prefix));
    }

    private static List<String> keys(List<Entry> entries) {
        return entries.stream().map(Entry::key).toList();
    }

    private String text(String key) {
        Optional<Content> content = store.get(key);
        return new String(content.orElseThrow().bytes(), UTF_8);
    }

    private byte[] read(String key, long offset) throws IOException {
        try (InputStream in = ((Opening.Found) store.open(key, offset, null)).bytes()) {
            return in.readAllBytes();
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }

    private static byte[] bytes(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
