package io.modelyard.store.directory;

import java.util.Comparator;

/**
 * The order in which object stores list keys: that of their UTF-8 bytes, which is the order of code points. That of
 * {@link String#compareTo} differs where characters outside the basic plane meet those at its end.
 */
final class KeyOrder implements Comparator<String> {
    static final Comparator<String> INSTANCE = new KeyOrder();

    private KeyOrder() {}

    @Override
    public int compare(String a, String b) {
        int shared = Math.min(a.length(), b.length());
        for (int i = 0; i < shared; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean surrogateX = Character.isSurrogate(x);
                return surrogateX == Character.isSurrogate(y) ? Character.compare(x, y) : surrogateX ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}
