package io.modelyard.metrics;

import io.modelyard.metrics.Account.Standing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Tallies by key, of which only the busiest have series of their own; the others are told together. Every count is told in
 * exactly one place, and no series goes down while it is there. A place changes hands slowly: the series of the one that goes
 * stand still for a minute before they end, and those of the one that comes begin with a minute of 0, so that whoever scrapes
 * at least once a minute misses nothing. Safe for use by many threads; to find a tally no thread waits.
 */
final class Ledger<K, T extends Tally> {
    /** How long series that begin or end stand still. */
    static final Duration HAND_OVER = Duration.ofMinutes(1);
    /** How often it is looked who is the busiest. */
    static final Duration COMPARE = Duration.ofSeconds(30);
    /** Who comes must be busier by this than who goes, so that two that are alike do not take turns. */
    private static final double CLEARLY = 2;

    private final Layout layout;
    private final int places;
    private final Predicate<K> neverOwn;
    private final Supplier<T> fresh;
    private final ConcurrentHashMap<K, Account<T>> accounts = new ConcurrentHashMap<>();
    /** Accounts that were closed a moment ago: a thread may still count in them. What follows is guarded by this. */
    private List<Account<T>> closing = List.of();
    /** What was told with others by accounts that are told otherwise or are gone. */
    private Counts others;
    private Counts gone;
    private Instant compared = Instant.MIN;
    private boolean wasFull;

    /**
     * @param places how many may have series of their own
     * @param neverOwn keys that never have, because their name means something else
     */
    Ledger(Layout layout, int places, Predicate<K> neverOwn, Supplier<T> fresh) {
        this.layout = layout;
        this.places = places;
        this.neverOwn = neverOwn;
        this.fresh = fresh;
        this.others = Counts.none(layout);
        this.gone = others;
    }

    /** Where to count for a key. Not to be kept: it may be closed as soon as nobody needs it any more. */
    T tally(K key) {
        Account<T> known = accounts.get(key);
        return (known != null ? known : accounts.computeIfAbsent(key, _ -> new Account<>(fresh.get(), layout)))
                .tally();
    }

    /** The tallies that there are. */
    Map<K, T> tallies() {
        Map<K, T> tallies = new HashMap<>();
        accounts.forEach((key, account) -> tallies.put(key, account.tally()));
        return tallies;
    }

    /** Those that have series of their own, and what these say. */
    synchronized Map<K, Counts> own(Instant now) {
        settleNew(now);
        Map<K, Counts> own = new HashMap<>();
        accounts.forEach((key, account) -> {
            if (account.isShown()) {
                own.put(key, account.own());
            }
        });
        return own;
    }

    synchronized Set<K> owners(Instant now) {
        settleNew(now);
        Set<K> owners = new HashSet<>();
        accounts.forEach((key, account) -> {
            if (account.isShown()) {
                owners.add(key);
            }
        });
        return owners;
    }

    /** All others together; empty as long as there never were any. */
    synchronized Optional<Counts> others() {
        Counts sum = others;
        for (Account<T> account : all()) {
            if (account.standing() != Standing.OWN) {
                sum = sum.plus(account.withOthers());
            }
        }
        return wasFull || sum.requests() > 0 ? Optional.of(sum) : Optional.empty();
    }

    /** Everything since the start, also of those that are gone. */
    synchronized Counts total() {
        Counts sum = gone;
        for (Account<T> account : all()) {
            sum = sum.plus(account.tally().read());
        }
        return sum;
    }

    private List<Account<T>> all() {
        List<Account<T>> all = new ArrayList<>(accounts.values());
        all.addAll(closing);
        return all;
    }

    /**
     * Gives places to those that come, takes them from those that are over, and now and then looks who is the busiest. To be
     * called once a second or so.
     *
     * @param needed have series even if nobody uses them, while there is room for them
     */
    synchronized void round(Instant now, Set<K> needed) {
        close(now, needed);
        for (Account<T> account : accounts.values()) {
            if (account.standing() == Standing.LEAVING && account.hasBeenFor(HAND_OVER, now)) {
                account.left(now);
            } else if (account.standing() == Standing.COMING && account.hasBeenFor(HAND_OVER, now)) {
                others = others.plus(account.came(now));
            }
        }
        welcome(now, needed);
        if (compared.equals(Instant.MIN)) {
            compared = now;
        } else if (!now.isBefore(compared.plus(COMPARE))) {
            compared = now;
            accounts.values().forEach(Account::compare);
            exchange(now);
        }
        fill(now);
    }

    /** First those of the last time, in which nobody counts any more. */
    private void close(Instant now, Set<K> needed) {
        for (Account<T> account : closing) {
            others = others.plus(account.withOthers());
            gone = gone.plus(account.tally().read());
        }
        List<Account<T>> over = new ArrayList<>();
        accounts.forEach((key, account) -> {
            if (account.isOver(needed.contains(key), HAND_OVER, now) && accounts.remove(key, account)) {
                over.add(account);
            }
        });
        closing = over;
    }

    private void welcome(Instant now, Set<K> needed) {
        settleNew(now);
        int free = free();
        for (K key : needed) {
            if (free <= 0) {
                return;
            }
            if (!accounts.containsKey(key)) {
                tally(key);
                free--;
            }
        }
        settleNew(now);
    }

    private void settleNew(Instant now) {
        int free = free();
        for (Map.Entry<K, Account<T>> entry : accounts.entrySet()) {
            if (entry.getValue().standing() == Standing.NEW) {
                boolean own = free > 0 && !neverOwn.test(entry.getKey());
                entry.getValue().begin(own, now);
                free -= own ? 1 : 0;
            }
        }
        wasFull |= free <= 0;
    }

    private int free() {
        return places - (int) accounts.values().stream().filter(Account::isShown).count();
    }

    /** Has the least busy ones leave that stand in the way of clearly busier ones. */
    private void exchange(Instant now) {
        List<Account<T>> outside = busiestOutside();
        List<Account<T>> inside = accounts.values().stream().filter(each -> each.standing() == Standing.OWN)
                .sorted(Comparator.comparingDouble(Account::rate)).toList();
        long promised = free() + accounts.values().stream().filter(each -> each.standing() == Standing.LEAVING).count();
        int leaving = 0;
        for (Account<T> candidate : outside.stream().skip(promised).toList()) {
            if (leaving == inside.size() || candidate.rate() <= CLEARLY * inside.get(leaving).rate()) {
                return;
            }
            inside.get(leaving).leave(now);
            leaving++;
        }
    }

    /** Gives free places to the busiest of the others. */
    private void fill(Instant now) {
        busiestOutside().stream().limit(Math.max(0, free())).forEach(account -> account.come(now));
    }

    private List<Account<T>> busiestOutside() {
        return accounts.entrySet().stream()
                .filter(entry -> entry.getValue().standing() == Standing.OTHER && !neverOwn.test(entry.getKey()))
                .map(Map.Entry::getValue).sorted(Comparator.<Account<T>>comparingDouble(Account::rate).reversed())
                .toList();
    }
}
