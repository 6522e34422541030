package io.modelyard.tensor;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Finds the known name that somebody may have meant. Names come from outside, so all searches of one request together
 * take a bounded time, after which nothing is found. For one thread.
 */
final class Spelling {
    /** Longer names are not compared. */
    private static final int LONGEST = 64;

    /** About three milliseconds. */
    private static final int MOST_STEPS = 1_000_000;

    private int steps;

    /** The name that is the fewest letters away, the first of several, if that is near enough. */
    Optional<String> closest(String name, List<String> known) {
        if (name.length() > LONGEST) {
            return Optional.empty();
        }
        String best = null;
        int least = Math.max(2, name.length() / 4) + 1;
        for (String candidate : known) {
            if (steps++ > MOST_STEPS) {
                break;
            }
            if (Math.abs(candidate.length() - name.length()) < least) {
                int distance = distance(name, candidate);
                if (distance < least) {
                    least = distance;
                    best = candidate;
                }
            }
        }
        return Optional.ofNullable(best);
    }

    /** How many letters must be put in, taken out or changed (Levenshtein 1966), by the rows of the table. */
    private int distance(String a, String b) {
        steps += a.length() * b.length();
        int[] above = new int[b.length() + 1];
        Arrays.setAll(above, i -> i);
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, Math.min(above[j], row[j - 1]) + 1);
            }
            above = row;
        }
        return above[b.length()];
    }
}
