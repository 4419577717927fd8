//! Unpacks archives of commits while they are downloaded, for every code host. Nothing is written to the disk.

use std::io::{self, Read};

use bytes::Bytes;
use platform::outside::silence;
use reqwest::Response;
use tokio::sync::mpsc;

use crate::{
    model::code::{ArchiveLimits, ArchiveRead, ArchiveStop, ArchivedFile},
    rules::code::archive::read_archive,
};

/// The parts of a download, and the files of an archive, that wait to be used.
const WAITING: usize = 4;

/// The reason why an archive was read neither to its end nor to one of its limits.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnpackError {
    /// The download ended early.
    #[error("{0}")]
    Interrupted(&'static str),
    /// The bytes are no compressed archive.
    #[error("{0}")]
    Unreadable(String),
}

/// A file that was read, on its way to the visitor.
struct Unpacked {
    path: String,
    size: u64,
    contents: Vec<u8>,
}

/// Unpacks a download on a thread of its own while it arrives, and visits its files, until one of the limits is reached; the result
/// names it. `download` requests the archive and ends with its successful response; the time limit includes that. Of each
/// file, at most the first MiB is read.
///
/// # Errors
/// That of `download`, or when the download ends early or is no compressed archive.
pub async fn unpack<E: From<UnpackError>>(
    download: impl Future<Output = Result<Response, E>>,
    limits: ArchiveLimits,
    mut visit: impl FnMut(ArchivedFile<'_>),
) -> Result<ArchiveRead, E> {
    let mut files = 0;
    let mut count = |file: ArchivedFile<'_>| {
        files += 1;
        visit(file);
    };
    let reading = async {
        let response = download.await?;
        Ok(unpacked(response, limits, &mut count).await?)
    };
    match tokio::time::timeout(limits.time, reading).await {
        Ok(read) => read,
        Err(_) => Ok(ArchiveRead { files, stopped_by: Some(ArchiveStop::Time) }),
    }
}

async fn unpacked(
    response: Response,
    limits: ArchiveLimits,
    visit: &mut impl FnMut(ArchivedFile<'_>),
) -> Result<ArchiveRead, UnpackError> {
    let (parts, arriving) = mpsc::channel(WAITING);
    let (files, mut unpacked) = mpsc::channel(WAITING);
    let reading = tokio::task::spawn_blocking(move || {
        let arriving = Arriving { parts: arriving, part: Bytes::new() };
        read_archive(arriving, &limits, |file| {
            let file = Unpacked {
                path: file.path.to_owned(),
                size: file.size,
                contents: file.contents.to_owned(),
            };
            // Without a receiver, the download has ended too.
            files.blocking_send(file).ok();
        })
    });
    let visiting = async {
        while let Some(file) = unpacked.recv().await {
            visit(ArchivedFile { path: &file.path, size: file.size, contents: &file.contents });
        }
    };
    let (downloaded, ()) = tokio::join!(download(response, parts), visiting);
    let read = reading.await;
    downloaded?;
    let read = read.map_err(|error| UnpackError::Unreadable(error.to_string()))?;
    read.map_err(|error| UnpackError::Unreadable(format!("the archive: {error}")))
}

/// A part of a download, or its end.
enum DownloadPart {
    Bytes(Bytes),
    End,
}

/// Passes a download on until its end, or until it is no longer read.
async fn download(
    mut response: Response,
    parts: mpsc::Sender<DownloadPart>,
) -> Result<(), UnpackError> {
    while let Some(bytes) =
        response.chunk().await.map_err(|error| UnpackError::Interrupted(silence(&error)))?
    {
        if parts.send(DownloadPart::Bytes(bytes)).await.is_err() {
            return Ok(());
        }
    }
    parts.send(DownloadPart::End).await.ok();
    Ok(())
}

/// A download that is read while it arrives. It ends with an error if it is interrupted.
struct Arriving {
    parts: mpsc::Receiver<DownloadPart>,
    part: Bytes,
}

impl Read for Arriving {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.part.is_empty() {
            match self.parts.blocking_recv() {
                Some(DownloadPart::Bytes(part)) => self.part = part,
                Some(DownloadPart::End) => return Ok(0),
                None => return Err(io::ErrorKind::UnexpectedEof.into()),
            }
        }
        let size = self.part.len().min(into.len());
        let part = self.part.split_to(size);
        into[..size].copy_from_slice(&part);
        Ok(size)
    }
}
