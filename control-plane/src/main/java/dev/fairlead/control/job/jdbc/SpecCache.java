package dev.fairlead.control.job.jdbc;

import dev.fairlead.control.job.JobId;
import dev.fairlead.control.job.JobSpec;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The specifications used last: they never change, and every step of a job needs its own. */
final class SpecCache {
    private static final int LARGEST = 8192;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<JobId, JobSpec> specs = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<JobId, JobSpec> eldest) {
            return size() > LARGEST;
        }
    };

    @Nullable JobSpec get(JobId id) {
        lock.lock();
        try {
            return specs.get(id);
        } finally {
            lock.unlock();
        }
    }

    void put(JobId id, JobSpec spec) {
        lock.lock();
        try {
            specs.put(id, spec);
        } finally {
            lock.unlock();
        }
    }
}
