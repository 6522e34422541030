package io.modelyard.registry;

/**
 * The event that the registry is another now, published to the application's event listeners: in order, one at a time,
 * each continuing where the last one ended. A listener must return quickly. It may change or sync the registry
 * itself, but must not wait for another thread that does.
 */
public record RegistryChanged(RegistrySnapshot previous, RegistrySnapshot now) {}
