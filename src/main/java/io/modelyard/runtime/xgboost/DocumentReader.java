package io.modelyard.runtime.xgboost;

import io.modelyard.runtime.InvalidModelException;

import org.jspecify.annotations.Nullable;

/**
 * A cursor over a model file, which walks objects and arrays member by member and keeps nothing. Objects with two members
 * of one name are refused, as the native library's readers disagree about which one counts; so is nesting deeper than
 * {@value #MAX_DEPTH}, as they recurse. All methods throw {@link InvalidModelException} where the file holds something
 * else than what was asked for, or ends. Not safe for several threads.
 */
interface DocumentReader {
    int MAX_DEPTH = 64;

    /** Steps into the object that comes next. */
    void beginObject() throws InvalidModelException;

    /** The name of the next member, whose value must then be read or skipped; null behind the last, stepping out. */
    @Nullable
    String nextName() throws InvalidModelException;

    /** Steps into the array that comes next. */
    void beginArray() throws InvalidModelException;

    /** Whether another element comes, which must then be read or skipped; if not, steps out. */
    boolean hasNext() throws InvalidModelException;

    String readString() throws InvalidModelException;

    /** The string that comes next; if it is something else, that is skipped and nothing returned. */
    @Nullable
    String readStringOrSkip() throws InvalidModelException;

    int readInt() throws InvalidModelException;

    /** An array of integers that all fit into 32 bits. */
    int[] readInts() throws InvalidModelException;

    /** How many elements an array of numbers or truth values has. */
    int readLength() throws InvalidModelException;

    /** Passes over a value of any kind, whose form is still checked. */
    void skip() throws InvalidModelException;

    /** @throws InvalidModelException unless the document is over and nothing comes behind it */
    void end() throws InvalidModelException;
}
