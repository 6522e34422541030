package io.modelyard.runtime.xgboost;

import io.modelyard.runtime.InvalidModelException;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Numbers that XGBoost writes as text.
 *
 * @param where whose they are, for messages
 */
record Parameters(Damage damage, String where, Map<String, String> values) {
    private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9]+(\\.[0-9]*)?([eE][-+]?[0-9]+)?");

    /** A required integer from least to most. */
    int number(String name, int least, int most) throws InvalidModelException {
        return optionalNumber(name, least, most)
                .orElseThrow(() -> damage.found(where + " has no " + name));
    }

    Optional<Integer> optionalNumber(String name, int least, int most) throws InvalidModelException {
        String value = values.get(name);
        if (value == null) {
            return Optional.empty();
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return Optional.of(number);
            }
        } catch (NumberFormatException e) {
            throw damage.found(where + " has " + name + " '" + value + "', which is no integer", e);
        }
        throw damage.found(where + " has " + name + " " + value + ", which is not from " + least + " to " + most);
    }

    /**
     * How many numbers a parameter holds that is one ({@code 5E-1}) or, since XGBoost 3.1, a list ({@code [5E-1,2E0]}).
     * The library reads outside of a text that is empty.
     */
    int countOfNumbers(String name) throws InvalidModelException {
        String value = values.get(name);
        if (value == null) {
            throw damage.found(where + " has no " + name);
        }
        boolean list = value.startsWith("[") && value.endsWith("]");
        String[] numbers = (list ? value.substring(1, value.length() - 1) : value).split(",", -1);
        if (!list && numbers.length > 1) {
            throw malformed(name, value);
        }
        for (String number : numbers) {
            if (!NUMBER.matcher(number).matches() || !Float.isFinite(Float.parseFloat(number))) {
                throw malformed(name, value);
            }
        }
        return numbers.length;
    }

    private InvalidModelException malformed(String name, String value) {
        return damage.found(where + " has a " + name + " that is neither a finite number nor a list of such: '"
                + value.substring(0, Math.min(40, value.length())) + "'");
    }
}
