package io.modelyard.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.tensor.DataType;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.TensorSpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;
import java.util.List;

/** What a row that was told is worth against what became true. */
final class ScoringTest {
    /** Labels of the model, what it told, the truth; correct, probability of the truth, or why neither. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", quoteCharacter = '`', value = {
            "a,b,c | {'label':'b','confidence':0.5,'probabilities':[0.25,0.5,0.25]} | 'b' | true  | 0.5  | -",
            "a,b,c | {'label':'b','confidence':0.5,'probabilities':[0.25,0.5,0.25]} | 'a' | false | 0.25 | -",
            "a,b,c | {'label':'b','confidence':0.5,'probabilities':[0.25,0.5,0.25]} | 'd' | - | - | unknown_label",
            "a,b,c | {'label':'b','confidence':0.5,'probabilities':[0.25,0.5,0.25]} | ['a'] | - | - | not_comparable",
            "0,1,2 | {'label':'1','confidence':0.5,'probabilities':[0.25,0.5,0.25]} | 1.0 | true | 0.5 | -",
            "a,b | {'label':'a','confidence':1,'probabilities':[1,0]} | 'b' | false | 2.220446049250313e-16 | -",
            "a,b | {'label':'a','confidence':1,'probabilities':[1,0]} | 'a' | true | 0.9999999999999998 | -",
            "a,b,c | {'label':null,'confidence':0.5,'probabilities':[0.25,0.5,0.25]} | 'b' | false | 0.5 | -",
            "a,b,c | {'label':null,'confidence':null,'probabilities':[null,null,null]} | 'b' | false | - | -",
            // Only some probabilities: right or wrong, but no loss.
            "a,b,c | {'label':'b','confidence':0.5,'top_k':[{'label':'b','probability':0.5}]} | 'b' | true | - | -",
            "a,b,c | {'label':'b'} | 'c' | false | - | -",
            // The request gave other labels: their places are not those of the model's.
            "a,b,c | {'label':'x','confidence':0.5,'probabilities':[0.25,0.5,0.25]} | 'x' | true | - | -",
            "b,a,c | {'label':'b','confidence':0.5,'probabilities':[0.25,0.5,0.25]} | 'a' | false | - | -",
            // Of two the other one is what is left.
            "-     | {'label':'b','confidence':0.75,'probabilities':[0.25,0.75]} | 'a' | false | 0.25 | -",
            "-     | {'label':'b','confidence':0.75,'probabilities':[0.25,0.75]} | 'b' | true | 0.75 | -",
            // Several outputs.
            "-     | {'label':'a','probabilities':{'label':'a','confidence':0.75,'probabilities':[0.75,0.25]}} | 'a' | true | 0.75 | -",
            "-     | {'mean':1,'variance':2} | 1 | - | - | not_comparable",
            // Without labels.
            "- | 'cat' | 'cat' | true | - | -", "- | 'cat' | 'dog' | false | - | -",
            "- | 'cat' | [1] | - | - | not_comparable",
            "- | true | 1 | true | - | -", "- | true | false | false | - | -", "- | true | 2 | - | - | not_comparable",
            "- | 0.75 | true | true | 0.75 | -", "- | 0.75 | false | false | 0.25 | -",
            "- | 0.5 | true | false | 0.5 | -",
            "- | 1.5 | true | - | - | not_comparable", "- | 0.75 | 'yes' | - | - | not_comparable",
            "- | [0.25,0.75] | 1 | true | 0.75 | -", "- | [0.25,0.75] | 0 | false | 0.25 | -",
            "- | [0.25,0.75] | 2 | - | - | not_comparable", "- | [3,0.75] | 1 | - | - | not_comparable",
            "- | [{'index':2,'probability':0.5}] | 2 | true | - | -",
            "- | null | 1 | - | - | no_value", "- | 1e60 | 1 | - | - | no_value",
            "- | [1,null] | [1,2] | - | - | no_value"})
    void classes(@Nullable String labels, String told, String outcome, @Nullable Boolean correct,
            @Nullable Double probability, @Nullable String unscored) {
        Score score = score(labels, told, outcome);
        assertThat(score.correct()).isEqualTo(correct);
        assertThat(score.logLoss()).isEqualTo(probability == null ? null : -Math.log(probability));
        assertThat(score.unscored()).isEqualTo(unscored);
        assertThat(score.squaredError()).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"2 | 5 | 9 | 3", "1.5 | 1.5 | 0 | 0", "0.75 | 1 | 0.0625 | 0.25",
            "[1,2] | [1,4] | 2 | 1", "[[1,2],[3,4]] | [1,2,3,0] | 4 | 1", "[3] | 1 | 4 | 2", "1e-60 | 0 | 0 | 1e-60"})
    void numbers(String told, String outcome, double squared, double absolute) {
        Score score = score(null, told, outcome);
        assertThat(score.squaredError()).isEqualTo(squared);
        assertThat(score.absoluteError()).isEqualTo(absolute);
        assertThat(score.correct()).isNull();
        assertThat(score.logLoss()).isNull();
    }

    private static Score score(@Nullable String labels, String told, String outcome) {
        List<TensorSpec> outputs = labels == null
                ? List.of()
                : List.of(new TensorSpec("y", DataType.FLOAT32, Shape.of(-1, 3), List.of(),
                        Arrays.asList(labels.split(",", -1)), false));
        return Scoring.of(FeedbackHouse.json(told.replace('\'', '"')), outputs,
                FeedbackHouse.json(outcome.replace('\'', '"')));
    }
}
