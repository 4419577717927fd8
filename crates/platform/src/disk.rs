//! The space on the disks of the data directory and of a SQLite database. PostgreSQL does not tell how full its disk is.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use tokio::{sync::Semaphore, task::spawn_blocking, time::timeout};

use crate::{
    config::Config,
    db::DatabaseUrl,
    telemetry::{Metric, MetricLabel},
};

const PLACE: &[MetricLabel] = &[MetricLabel::open("place")];

/// The free bytes of each disk.
pub(crate) const FREE: Metric = Metric::gauge(
    "guildhall_disk_free_bytes",
    "Bytes that the server may still write to the disk of a place.",
)
.by(PLACE);

/// The bytes of each disk.
pub(crate) const SIZE: Metric =
    Metric::gauge("guildhall_disk_bytes", "Size of the disk of a place.").by(PLACE);

/// How long a measurement may take: a file system of a network can hang.
const PATIENCE: Duration = Duration::from_secs(5);

const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;

/// How much space is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DiskLevel {
    /// Enough for now.
    Enough,
    /// Less than a tenth, or than 1 GiB; of a small disk, than a quarter.
    Low,
    /// Less than a fiftieth, or than 128 MiB; of a small disk, than a quarter: writes fail soon, or already do.
    Full,
}

/// A disk, as of now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disk {
    /// Its content: `data` or `database`.
    pub place: &'static str,
    pub path: PathBuf,
    /// The bytes that this user may still write.
    pub free: u64,
    /// The bytes of the disk.
    pub size: u64,
}

impl Disk {
    /// Judges how much space is left. A file system that states no size, as some of networks, has enough.
    #[must_use]
    pub fn level(&self) -> DiskLevel {
        let Self { free, size, .. } = *self;
        let is_below = |share: u64, bytes: u64| {
            size > 0 && (free < size / share || free < bytes.min(size / 4))
        };
        if is_below(50, 128 * MIB) {
            DiskLevel::Full
        } else if is_below(10, GIB) {
            DiskLevel::Low
        } else {
            DiskLevel::Enough
        }
    }

    /// Describes the space that is left: "1.5 of 40.0 GiB are free in /var/lib/guildhall".
    #[must_use]
    pub fn words(&self) -> String {
        format!("{} of {} GiB are free in {}", gib(self.free), gib(self.size), self.path.display())
    }
}

/// Formats bytes as GiB with one decimal, rounded down.
fn gib(bytes: u64) -> String {
    let tenths = bytes / (GIB / 10);
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// Measures the disks of an installation. One that cannot be measured is left out.
#[must_use]
pub fn disks(config: &Config) -> Vec<Disk> {
    let mut places = vec![("data", config.data_dir.clone())];
    if let Ok(DatabaseUrl::Sqlite(file)) = config.database()
        && let Some(folder) = file.parent()
        && folder != config.data_dir
    {
        places.push(("database", folder.to_owned()));
    }
    let measured = places.into_iter().filter_map(|(place, path)| {
        // Neither the directory nor its parents need to exist before the first start.
        let there = path.ancestors().find(|path| path.exists()).unwrap_or(Path::new("."));
        let (free, size) = space(there).ok()?;
        Some(Disk { place, path, free, size })
    });
    measured.collect()
}

/// One measurement at a time: a disk that does not answer holds one thread, however often it is asked for.
static TURN: Semaphore = Semaphore::const_new(1);

/// Measures as [`disks`] does, without holding up other tasks. Returns no disk if that takes more than seconds.
pub async fn measured(config: &Arc<Config>) -> Vec<Disk> {
    let config = Arc::clone(config);
    let measuring = async move {
        let turn = TURN.acquire().await;
        let measured = spawn_blocking(move || {
            let found = disks(&config);
            drop(turn);
            found
        });
        measured.await
    };
    timeout(PATIENCE, measuring).await.ok().and_then(Result::ok).unwrap_or_default()
}

/// Returns the disk with the least space left, if that is little.
pub async fn lowest(config: &Arc<Config>) -> Option<Disk> {
    let low = measured(config).await.into_iter().filter(|disk| disk.level() > DiskLevel::Enough);
    low.min_by_key(|disk| disk.free)
}

/// Measures the disks for a scrape.
pub(crate) fn measure(config: &Config) {
    for disk in disks(config) {
        FREE.set(&[disk.place], disk.free as f64);
        SIZE.set(&[disk.place], disk.size as f64);
    }
}

/// Returns the free and all bytes of the file system that holds a path.
#[cfg(unix)]
fn space(path: &Path) -> io::Result<(u64, u64)> {
    let found = rustix::fs::statvfs(path)?;
    let bytes = |blocks: u64| blocks.saturating_mul(found.f_frsize);
    Ok((bytes(found.f_bavail), bytes(found.f_blocks)))
}

#[cfg(not(unix))]
fn space(_: &Path) -> io::Result<(u64, u64)> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disk(free: u64, size: u64) -> Disk {
        Disk { place: "data", path: "/srv/guildhall".into(), free, size }
    }

    #[test]
    fn little_space_is_a_share_or_an_amount() {
        for (free, size, level) in [
            (40 * GIB, 100 * GIB, DiskLevel::Enough),
            (10 * GIB, 100 * GIB, DiskLevel::Enough),
            (10 * GIB - 1, 100 * GIB, DiskLevel::Low),
            (2 * GIB - 1, 100 * GIB, DiskLevel::Full),
            (GIB, 5 * GIB, DiskLevel::Enough),
            (GIB - 1, 5 * GIB, DiskLevel::Low),
            (128 * MIB - 1, GIB, DiskLevel::Full),
            (GIB / 4, GIB, DiskLevel::Enough),
            (GIB / 4 - 1, GIB, DiskLevel::Low),
            (0, 100 * GIB, DiskLevel::Full),
            (0, 0, DiskLevel::Enough),
        ] {
            assert_eq!(disk(free, size).level(), level, "{free} of {size}");
        }
        let words = disk(GIB + GIB / 2 + 1, 40 * GIB).words();
        assert_eq!(words, "1.5 of 40.0 GiB are free in /srv/guildhall");
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_is_not_there_yet_is_measured_where_it_would_be() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| space(&folder.path().join(name));
        assert!(path("missing").is_err());
        let data_dir = Some(folder.path().join("a/b"));
        let flags = crate::config::Flags { data_dir, config: None, bind: None };
        let config = Config::load(&Default::default(), &flags).expect("a configuration");
        let found = disks(&config);
        assert_eq!(found.len(), 1);
        assert!(found[0].size > 0 && found[0].free <= found[0].size, "{found:?}");
    }
}
