package io.modelyard.model;

import java.math.BigInteger;
import java.util.Comparator;

/** The natural order of versions: runs of digits compare as numbers, so that 10 comes after 9 and 2.10 after 2.9. */
final class VersionOrder implements Comparator<String> {
    static final Comparator<String> NATURAL = new VersionOrder();

    private VersionOrder() {}

    @Override
    public int compare(String a, String b) {
        int i = 0;
        int j = 0;
        while (i < a.length() && j < b.length()) {
            int endA = endOfRun(a, i);
            int endB = endOfRun(b, j);
            String runA = a.substring(i, endA);
            String runB = b.substring(j, endB);
            int order = isDigit(a.charAt(i)) && isDigit(b.charAt(j))
                    ? new BigInteger(runA).compareTo(new BigInteger(runB))
                    : runA.compareTo(runB);
            if (order != 0) {
                return order;
            }
            i = endA;
            j = endB;
        }
        int rest = Integer.compare(a.length() - i, b.length() - j);
        // 1 and 01 are two versions: the order must be total.
        return rest != 0 ? rest : a.compareTo(b);
    }

    private static int endOfRun(String text, int start) {
        boolean digits = isDigit(text.charAt(start));
        int end = start + 1;
        while (end < text.length() && isDigit(text.charAt(end)) == digits) {
            end++;
        }
        return end;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
