package io.modelyard.http;

/** What a client takes too long for. Travels along the pipeline, from where bytes are counted to the {@link FrontDoor}. */
enum Sluggishness {
    /** Nothing came at all; there is no request that could be answered. */
    NO_REQUEST,
    /** The line and headers of a request began and do not end. */
    HEAD,
    /** The body of a request does not come. */
    BODY
}
