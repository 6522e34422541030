package io.modelyard.predict;

/**
 * Is told of every exchange, failed ones too, right before its answer goes out. Called on request threads: it must not
 * block and must not throw.
 */
public interface ExchangeObserver {
    void observed(Exchange exchange);
}
