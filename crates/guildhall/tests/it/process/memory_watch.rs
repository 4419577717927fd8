use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

/// Time between two samples.
const STEP: Duration = Duration::from_millis(2);

/// The most memory of a process that the system cannot take back: without pages of files, which are a cache.
pub(super) struct MemoryWatch(Arc<AtomicU64>);

impl MemoryWatch {
    pub(super) fn of(process: u32) -> Self {
        let first = anonymous(process).expect("RssAnon of a running process");
        let most = Arc::new(AtomicU64::new(first));
        let weak = Arc::downgrade(&most);
        thread::spawn(move || {
            while let (Some(most), Some(bytes)) = (weak.upgrade(), anonymous(process)) {
                most.fetch_max(bytes, Ordering::Relaxed);
                thread::sleep(STEP);
            }
        });
        Self(most)
    }

    /// Returns the most so far, in bytes.
    pub(super) fn most(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

fn anonymous(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kibibytes * 1_024)
}
