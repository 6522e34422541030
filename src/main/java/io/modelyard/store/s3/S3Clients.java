package io.modelyard.store.s3;

import io.micronaut.context.exceptions.ConfigurationException;
import io.modelyard.store.StoreObserver;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.SystemSettingsRegionProvider;
import software.amazon.awssdk.services.s3.S3Client;

/** Makes clients that get on with every S3 server that was tried; docs/s3.md says which settings that took. */
final class S3Clients {
    private S3Clients() {}

    /** The connections. Whoever makes the client closes them after it. */
    static SdkHttpClient connections(S3Configuration configuration, StoreObserver observer) {
        return new ObservedHttpClient(Apache5HttpClient.builder().connectionTimeout(configuration.connectTimeout())
                .connectionAcquisitionTimeout(configuration.readTimeout()).socketTimeout(configuration.readTimeout())
                .maxConnections(configuration.maxConnections()).tcpKeepAlive(true).build(), observer);
    }

    /** @throws ConfigurationException if no region is known */
    static S3Client client(S3Configuration configuration, SdkHttpClient connections) {
        var builder = S3Client.builder().httpClient(connections).region(region(configuration))
                .serviceConfiguration(s3 -> s3.chunkedEncodingEnabled(false)
                        .pathStyleAccessEnabled(configuration.usesPathStyle()))
                .overrideConfiguration(calls -> calls.addExecutionInterceptor(new ListedKeys())
                        .apiCallAttemptTimeout(configuration.attemptTimeout())
                        .apiCallTimeout(configuration.totalTimeout()).retryStrategy(AwsRetryStrategy
                                .standardRetryStrategy().toBuilder().maxAttempts(configuration.maxAttempts()).build()));
        if (configuration.endpoint() != null) {
            builder.endpointOverride(configuration.endpoint());
        }
        return builder.build();
    }

    private static Region region(S3Configuration configuration) {
        if (configuration.region() != null) {
            return Region.of(configuration.region());
        }
        // A server that is not AWS seldom knows regions; asking AWS's own machines for one would only take time.
        AwsRegionProvider chain = configuration.endpoint() == null
                ? DefaultAwsRegionProviderChain.builder().build()
                : new AwsRegionProviderChain(new SystemSettingsRegionProvider(), new AwsProfileRegionProvider());
        try {
            return chain.getRegion();
        } catch (SdkClientException none) {
            if (configuration.endpoint() != null) {
                return Region.US_EAST_1;
            }
            throw new ConfigurationException("no AWS region is known for modelyard.store.uri; set "
                    + "modelyard.store.s3.region or AWS_REGION, or modelyard.store.s3.endpoint where the server is not AWS",
                    none);
        }
    }
}
