package io.modelyard.predictioncache;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When it pays to look an answer up: times in nanoseconds. */
class LookupPriceTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                                            a model of 3 us never waits for Redis, be every answer there        | 200000 | 2000 | 20000 | 3000    | 1    | 0
                                            nor one of 20 us                                                     | 200000 | 2000 | 20000 | 20000   | 1    | 0
                                            one of 100 us tries now and then                                     | 200000 | 2000 | 20000 | 100000  | 1    | 0.005
                                            one of 5 ms asks where a twentieth is there                          | 200000 | 2000 | 20000 | 5000000 | 0.05 | 1
                                            where hardly anything is there it asks for a part only               | 200000 | 2000 | 20000 | 5000000 | 0.03 | 0.2475983
                                            nothing is ever there: a part, for a hundredth of the time           | 198000 | 2000 | 20000 | 5000000 | 0    | 0.25
                                            one of a second asks always: that costs next to nothing              | 200000 | 2000 | 20000 | 1000000000 | 0 | 1
                                            a slow Redis is not asked but now and then                           | 9000000 | 2000 | 20000 | 5000000 | 1   | 0.0055556
                                            one that has not been measured waits for nobody                      | 200000 | 2000 | 20000 | NaN     | 1    | 0
                                            but looks in memory                                                  | 500    | 500  | 0     | NaN     | 0.5  | 1
                                            a model of 3 us looks in memory where half of it is there            | 600    | 500  | 0     | 3000    | 0.5  | 1
                                            and stops where nothing is there, but for a part                     | 600    | 400  | 0     | 3000    | 0    | 0.03
                                            a model of 5 ms always looks in memory                               | 600    | 500  | 0     | 5000000 | 0    | 1
                                            large inputs of a quick model are not hashed                         | 90000  | 500  | 0     | 30000   | 0.9  | 0.0033315
                                            """)
    void says(String what, double lookup, double store, double least, double compute, double chance, double share) {
        assertThat(new LookupPrice(lookup, store, least, compute, chance).share()).as(what).isEqualTo(share,
                Offset.offset(1e-6));
    }
}
