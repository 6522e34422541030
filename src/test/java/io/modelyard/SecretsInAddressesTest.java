package io.modelyard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Addresses with passwords in them that cannot be used are refused without being quoted: what refuses them is logged. */
final class SecretsInAddressesTest {
    @ParameterizedTest
    @CsvSource({"modelyard.redis.uri, redis://:sesame open@localhost:6379",
            "modelyard.redis.uri, redis//:sesame@localhost", "modelyard.redis.uri, redis://user:sesame@",
            "modelyard.requestlog.url, postgres://yard:sesame@localhost/db",
            "modelyard.requestlog.url, jdbc:postgresql:?user=yard&password=sesame"})
    void areNotTold(String property, String value) {
        Throwable refusal = catchThrowable(() -> TestServer.prepare().with(property, value).start().close());
        StringWriter all = new StringWriter();
        refusal.printStackTrace(new PrintWriter(all));
        assertThat(all.toString()).contains(property).doesNotContain("sesame");
    }
}
