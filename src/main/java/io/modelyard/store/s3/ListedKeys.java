package io.modelyard.store.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

import java.net.URLDecoder;

/**
 * Decodes the keys of a listing, and nothing else of it. The client itself decodes all that may be encoded, and fails on
 * servers that give back the prefix as it was asked for, which Ceph does.
 */
final class ListedKeys implements ExecutionInterceptor {
    @Override
    public SdkResponse modifyResponse(Context.ModifyResponse context, ExecutionAttributes attributes) {
        if (!(context.response() instanceof ListObjectsV2Response listing)
                || listing.encodingType() != EncodingType.URL) {
            return context.response();
        }
        return listing.toBuilder().encodingType((String) null)
                .contents(listing.contents().stream().map(ListedKeys::decoded).toList()).build();
    }

    private static S3Object decoded(S3Object object) {
        try {
            return object.toBuilder().key(URLDecoder.decode(object.key(), UTF_8)).build();
        } catch (IllegalArgumentException e) {
            throw SdkClientException.create("the listing has a key that is not encoded: " + object.key(), e);
        }
    }
}
