package io.modelyard.store.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micronaut.context.exceptions.ConfigurationException;
import io.modelyard.store.StoreException;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A bucket, and what stands before every key in it.
 *
 * @param prefix empty, or ends with a slash
 */
record S3Location(String bucket, String prefix) {
    private static final Pattern URI = Pattern.compile("s3://([A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9])(?:/(.*))?");
    /** The most bytes of a key, by the API. */
    private static final int LONGEST = 1024;

    /** @throws ConfigurationException if {@code modelyard.store.uri} names no bucket */
    static S3Location of(String uri) {
        Matcher parts = URI.matcher(uri);
        if (!parts.matches()) {
            throw refused(uri,
                    "it must be s3://bucket or s3://bucket/prefix, and the name of a bucket has 3 to 63 letters, "
                            + "digits, dots and hyphens");
        }
        String prefix = parts.group(2) == null ? "" : parts.group(2);
        while (prefix.endsWith("/")) {
            prefix = prefix.substring(0, prefix.length() - 1);
        }
        if (!prefix.isEmpty() && !isKey(prefix)) {
            throw refused(uri, "no part of the prefix may be empty, '.' or '..'");
        }
        return new S3Location(parts.group(1), prefix.isEmpty() ? "" : prefix + "/");
    }

    private static ConfigurationException refused(String uri, String why) {
        return new ConfigurationException("modelyard.store.uri is '" + uri + "': " + why);
    }

    /**
     * The key in the bucket of a key of the store.
     *
     * @throws StoreException if it is none: a path with an empty part, for example, which servers rewrite
     */
    String inBucket(String key) {
        String full = prefix + key;
        if (!isKey(key)) {
            throw new StoreException("'" + key + "' is not a key: no part of it may be empty, '.' or '..'", null);
        }
        if (full.getBytes(UTF_8).length > LONGEST) {
            throw new StoreException("'" + full + "' is not a key: it has more than " + LONGEST + " bytes", null);
        }
        return full;
    }

    /** The key of the store of a key in the bucket. */
    String inStore(String full) {
        return full.substring(prefix.length());
    }

    /** What an access policy calls an object, or the bucket where the key is empty. */
    String arn(String key) {
        return "arn:aws:s3:::" + bucket + (key.isEmpty() ? "" : "/" + prefix + key);
    }

    private static boolean isKey(String key) {
        return List.of(key.split("/", -1)).stream()
                .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    }

    @Override
    public String toString() {
        return "s3://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix.substring(0, prefix.length() - 1));
    }
}
