//! The bounded pool in which pictures are decoded: threads apart from the runtime, and a budget of memory that all of them share.

use std::sync::LazyLock;

use bytes::Bytes;
use kernel::{Problem, ProblemKind};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::{
    Crop, PictureUse, Prepared,
    decode::{MOST_BYTES, damaged},
    prepare,
};

/// How many files are held in memory at once, from the first byte of a request on. Others wait.
const FILES: usize = 2;
/// How many pictures are decoded at once.
const DECODES: usize = 2;
/// The memory for pixels, in MiB. With the files and what a form adds to them, it stays below 120 MiB; a picture that needs more has
/// all of it alone.
const BUDGET: u32 = 96;

/// The largest copy of a picture that is scaled down, in bytes.
const COPY: u64 = 4 * 2_048 * 2_048;

static ADMITTED: Semaphore = Semaphore::const_new(FILES);
static DECODING: Semaphore = Semaphore::const_new(DECODES);
static MEMORY: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(usize::try_from(BUDGET).unwrap_or(1)));

/// The permission to hold a file in memory.
#[derive(Debug)]
pub struct Admission(
    #[expect(dead_code, reason = "held until it is dropped")] SemaphorePermit<'static>,
);

/// Waits until a file may be received. The body of a request is read after this.
///
/// # Errors
/// When too many others wait for longer than a request may take.
pub async fn admit() -> Result<Admission, Problem> {
    ADMITTED.acquire().await.map(Admission).map_err(|_| busy())
}

/// Prepares a picture in the pool. Small pictures are decoded side by side, and a large one alone.
///
/// # Errors
/// When the file is too large, of another format or damaged, or has too many pixels.
pub async fn prepared(file: Bytes, used: PictureUse, crop: Crop) -> Result<Prepared, Problem> {
    let header = prepare::checked(&file)?;
    let turn = DECODING.acquire().await.map_err(|_| busy())?;
    let memory = MEMORY.acquire_many(mebibytes(header.bytes)).await.map_err(|_| busy())?;
    let work = move || {
        // Held until the end of the work, even if no one waits for it any longer.
        let _held = (turn, memory);
        prepare::prepare(&file, used, crop)
    };
    // A reader that panics on a file refuses it.
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(damaged()))
}

fn mebibytes(bytes: u64) -> u32 {
    // What is made of the pixels is there at the same time.
    let needed = (bytes + bytes.min(COPY)).min(MOST_BYTES).div_ceil(1 << 20);
    u32::try_from(needed).unwrap_or(BUDGET).clamp(1, BUDGET)
}

fn busy() -> Problem {
    let detail = "Many pictures are being uploaded. Try again in a minute.";
    Problem::new(ProblemKind::Overloaded, "TOO_BUSY", detail).after(60)
}
