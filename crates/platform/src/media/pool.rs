//! The decoding of pictures: one at a time, on a thread of its own.

use std::{io, sync::LazyLock};

use bytes::Bytes;
use kernel::{Problem, ProblemKind};
use tokio::{
    runtime::{Builder, Runtime},
    sync::{Semaphore, SemaphorePermit},
};

use super::{Crop, PictureUse, Prepared, decode::damaged, prepare};

/// How many files are held in memory at once, from the first byte of a request on: one is decoded while the next arrives. Others
/// wait.
const FILES: usize = 2;

static ADMITTED: Semaphore = Semaphore::const_new(FILES);
static DECODING: Semaphore = Semaphore::const_new(1);
/// A runtime with one thread. The allocator keeps the memory that a thread has freed for that thread: pictures that take turns in a
/// pool of threads are each decoded beside what is left of the last.
static DECODER: LazyLock<io::Result<Runtime>> =
    LazyLock::new(|| Builder::new_multi_thread().worker_threads(1).thread_name("pictures").build());

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

/// Prepares a picture, when it is its turn.
///
/// # Errors
/// When the file is too large, of another format or damaged, or has too many pixels.
pub async fn prepared(file: Bytes, used: PictureUse, crop: Crop) -> Result<Prepared, Problem> {
    let header = prepare::checked(&file)?;
    let turn = DECODING.acquire().await.map_err(|_| busy())?;
    let decoder = DECODER.as_ref().map_err(|_| busy())?;
    let work = async move {
        // Held until the end of the work, even if no one waits for it any longer.
        let _turn = turn;
        prepare::prepare_checked(&file, header, used, crop)
    };
    // A reader that panics on a file refuses it.
    decoder.spawn(work).await.unwrap_or_else(|_| Err(damaged()))
}

fn busy() -> Problem {
    let detail = "Many pictures are being uploaded. Try again in a minute.";
    Problem::new(ProblemKind::Overloaded, "TOO_BUSY", detail).after(60)
}
