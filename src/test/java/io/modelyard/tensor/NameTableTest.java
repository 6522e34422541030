package io.modelyard.tensor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.UniqueElements;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.IntStream;

final class NameTableTest {
    @Property(seed = "2611", tries = 500)
    void findsEveryNameAtItsPlaceAndNoOther(@ForAll @UniqueElements List<String> names, @ForAll String other) {
        // Half a surrogate pair has no UTF-8, nor has JSON such a name.
        List<String> known = names.stream().filter(UTF_8.newEncoder()::canEncode).toList();
        NameTable table = new NameTable(known);
        for (int place = 0; place < known.size(); place++) {
            assertThat(find(table, known.get(place))).isEqualTo(place);
        }
        if (UTF_8.newEncoder().canEncode(other)) {
            assertThat(find(table, other)).isEqualTo(known.indexOf(other));
        }
    }

    /** "Aa" and "BB" have one hash code, so all words of these have. */
    @Test
    void tellsNamesOfOneHashApart() {
        List<String> alike = IntStream.range(0, 256)
                .mapToObj(i -> IntStream.range(0, 8).mapToObj(bit -> (i >> bit & 1) == 0 ? "Aa" : "BB")
                        .reduce("", String::concat))
                .toList();
        assertThat(alike).extracting(String::hashCode).containsOnly(alike.getFirst().hashCode());
        NameTable table = new NameTable(alike);
        for (int place = 0; place < alike.size(); place++) {
            assertThat(find(table, alike.get(place))).isEqualTo(place);
        }
        assertThat(find(table, "AaBBAaBBAaBBAaBBAa")).isEqualTo(-1);
        assertThat(find(table, "CcAaAaAaAaAaAaAa")).isEqualTo(-1);
    }

    @Test
    void knowsWhereALikelyNameCloses() {
        NameTable table = new NameTable(List.of("ab", "a\"b", ""));
        assertThat(table.closeOf(0, "ab\"".getBytes(UTF_8), 0, 3)).isEqualTo(2);
        assertThat(table.closeOf(0, "abc\"".getBytes(UTF_8), 0, 4)).isEqualTo(-1);
        assertThat(table.closeOf(0, "ab\"".getBytes(UTF_8), 0, 2)).isEqualTo(-1);
        assertThat(table.closeOf(0, "a".getBytes(UTF_8), 0, 1)).isEqualTo(-1);
        assertThat(table.closeOf(1, "a\"b\"".getBytes(UTF_8), 0, 4)).isEqualTo(-1);
        assertThat(table.closeOf(2, "\"".getBytes(UTF_8), 0, 1)).isZero();
        assertThat(table.closeOf(3, "\"".getBytes(UTF_8), 0, 1)).isEqualTo(-1);
        assertThat(table.closeOf(-1, "\"".getBytes(UTF_8), 0, 1)).isEqualTo(-1);
    }

    @Test
    void aTableOfNoNamesFindsNone() {
        assertThat(find(new NameTable(List.of()), "")).isEqualTo(-1);
    }

    private static int find(NameTable table, String name) {
        byte[] text = ("xx" + name + "\"").getBytes(UTF_8);
        return table.find(text, 2, text.length - 1);
    }
}
