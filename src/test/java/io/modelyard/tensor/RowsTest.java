package io.modelyard.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

final class RowsTest {
    @Property(seed = "2611", tries = 500)
    void theRowsOfATensorStackedAreThatTensor(@ForAll Random random) {
        for (Tensor tensor : Sample.of(random).tensors()) {
            List<Tensor> rows = IntStream.range(0, (int) tensor.shape().dim(0)).mapToObj(i -> Rows.slice(tensor, i, 1))
                    .map(row -> Rows.reshape(row, row.shape().row())).toList();
            Tensor stacked = Rows.stack(rows);
            assertThat(stacked.dataType()).isEqualTo(tensor.dataType());
            assertThat(Signatures.show(stacked)).isEqualTo(Signatures.show(tensor));
        }
    }

    @Test
    void aSliceHasItsOwnValues() {
        Tensor.Ints tensor = new Tensor.Ints(Shape.of(3, 2), new int[]{1, 2, 3, 4, 5, 6});
        Tensor slice = Rows.slice(tensor, 1, 2);
        tensor.values()[2] = 0;
        assertThat(Signatures.show(slice)).isEqualTo("[2, 2] 3 4 5 6");
        assertThat(Signatures.show(Rows.slice(tensor, 3, 0))).isEqualTo("[0, 2]");
    }

    @Test
    void rowsOfDifferentShapesMakeNoTensor() {
        Tensor flat = new Tensor.Ints(Shape.of(2), new int[2]);
        Tensor nested = new Tensor.Ints(Shape.of(1, 2), new int[2]);
        assertThatThrownBy(() -> Rows.stack(List.of(flat, nested))).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("rows of the shapes [2] and [1, 2] make no tensor");
        assertThatThrownBy(() -> Rows.reshape(flat, Shape.of(3))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[3]");
    }
}
