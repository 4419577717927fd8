//! A file of deliveries as a stream of lines. It is never in memory as a whole, and the bodies' bytes stay unchanged.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    convert::Infallible,
    fmt,
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
    str::FromStr,
};

use anyhow::Context;
use bytes::Bytes;
use flate2::bufread::MultiGzDecoder;
use futures_util::{Stream, stream};
use reqwest::header::HeaderValue;
use serde::Deserialize;
use serde_json::value::RawValue;
use thiserror::Error;
use tokio::sync::mpsc;

const READ_BUFFER: usize = 256 * 1024;
/// Number of lines read ahead. A few keep the senders busy, and each may hold a body of 25 MiB.
const READ_AHEAD: usize = 16;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file, plain or gzip.
    File(PathBuf),
    /// Standard input, given as `-`; plain or gzip.
    Stdin,
}

impl FromStr for Source {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text {
            "-" => Self::Stdin,
            path => Self::File(path.into()),
        })
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Stdin => f.write_str("standard input"),
        }
    }
}

/// A delivery that is ready to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryLine {
    /// The event's name: `X-GitHub-Event`.
    pub event: HeaderValue,
    /// The delivery's ID: `X-GitHub-Delivery`.
    pub delivery: HeaderValue,
    /// The ID of the sending hook: `X-GitHub-Hook-ID`.
    pub hook_id: Option<HeaderValue>,
    pub body: Bytes,
}

#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {number}: {reason}")]
pub struct BadLine {
    /// The line number from 1, including blank lines.
    pub number: u64,
    /// The mistake, and the expected format.
    pub reason: String,
}

#[derive(Deserialize)]
struct Fields<'a> {
    #[serde(borrow)]
    event: Cow<'a, str>,
    #[serde(borrow)]
    delivery: Cow<'a, str>,
    /// A number, or a string of digits.
    #[serde(borrow)]
    hook_id: Option<&'a RawValue>,
    #[serde(borrow)]
    body: &'a RawValue,
}

impl DeliveryLine {
    /// Creates a delivery of `body`, for callers without a file.
    pub fn new(event: &str, delivery: &str, body: impl Into<Bytes>) -> Result<Self, String> {
        Ok(Self {
            event: header("event", event)?,
            delivery: header("delivery", delivery)?,
            hook_id: None,
            body: body.into(),
        })
    }

    /// Parses one line. The body shares its memory.
    pub fn parse(line: &Bytes) -> Result<Self, String> {
        let fields: Fields<'_> = serde_json::from_slice(line).map_err(|error| {
            format!(
                "not a delivery ({error}): use one JSON object per line, \
                 {{\"event\": \"…\", \"delivery\": \"…\", \"body\": {{…}}}}"
            )
        })?;
        let hook_id = fields.hook_id.map(|id| header("hook_id", id.get().trim_matches('"')));
        let body = line.slice_ref(fields.body.get().as_bytes());
        Ok(Self {
            hook_id: hook_id.transpose()?,
            ..Self::new(&fields.event, &fields.delivery, body)?
        })
    }
}

fn header(field: &str, text: &str) -> Result<HeaderValue, String> {
    HeaderValue::from_str(text).ok().filter(|value| !value.is_empty()).ok_or_else(|| {
        format!("'{field}' is empty or has a character that is not allowed in an HTTP header")
    })
}

/// Opens `source` immediately and reads it while the stream is consumed.
pub(super) fn open(
    source: &Source,
) -> anyhow::Result<impl Stream<Item = Result<DeliveryLine, BadLine>> + use<>> {
    let reader: Box<dyn Read + Send> = match source {
        Source::File(path) => Box::new(open_file(path)?),
        Source::Stdin => Box::new(io::stdin()),
    };
    let (sender, receiver) = mpsc::channel(READ_AHEAD);
    tokio::task::spawn_blocking(move || {
        for_each_line(reader, |number, line| {
            let line = line.and_then(|line| DeliveryLine::parse(&line));
            // An error means that the receiver is gone: stop reading.
            sender.blocking_send(line.map_err(|reason| BadLine { number, reason })).is_ok()
        });
    });
    Ok(stream::unfold(receiver, |mut receiver| async {
        receiver.recv().await.map(|line| (line, receiver))
    }))
}

/// Returns the repositories `(GitHub ID, full name)` that the file's bodies contain, by ID, each with the name seen
/// last. Invalid lines are skipped: sending reports them.
pub fn distinct_repositories(path: &Path) -> anyhow::Result<Vec<(i64, String)>> {
    let mut repositories = BTreeMap::new();
    for_each_line(open_file(path)?, |_, line| {
        if let Some((id, full_name)) = line.ok().and_then(|line| repository(&line)) {
            repositories.insert(id, full_name);
        }
        true
    });
    Ok(repositories.into_iter().collect())
}

fn repository(line: &Bytes) -> Option<(i64, String)> {
    #[derive(Deserialize)]
    struct Delivery {
        body: Body,
    }
    #[derive(Deserialize)]
    struct Body {
        repository: Repository,
    }
    #[derive(Deserialize)]
    struct Repository {
        id: i64,
        full_name: String,
    }
    let Repository { id, full_name } =
        serde_json::from_slice::<Delivery>(line).ok()?.body.repository;
    Some((id, full_name))
}

fn open_file(path: &Path) -> anyhow::Result<File> {
    File::open(path).with_context(|| format!("cannot open {}", path.display()))
}

/// Calls `each` for every line that is not blank, until it returns false. A read error is passed to `each` and ends the
/// loop.
fn for_each_line(
    reader: impl Read + 'static,
    mut each: impl FnMut(u64, Result<Bytes, String>) -> bool,
) {
    let mut number = 0;
    let end = plain(reader).and_then(|mut reader| {
        let mut size = 0;
        loop {
            let mut line = Vec::with_capacity(size);
            number += 1;
            if reader.read_until(b'\n', &mut line)? == 0 {
                return Ok(());
            }
            // The next line is likely to be as long: reserving avoids growing the buffer step by step.
            size = line.len();
            if !line.trim_ascii().is_empty() && !each(number, Ok(Bytes::from(line))) {
                return Ok(());
            }
        }
    });
    if let Err(error) = end {
        each(number, Err(format!("cannot read the rest of the file: {error}")));
    }
}

/// Decompresses gzip, which is detected by its first bytes because standard input has no name.
fn plain(reader: impl Read + 'static) -> io::Result<Box<dyn BufRead>> {
    let mut reader = BufReader::with_capacity(READ_BUFFER, reader);
    let gzip = reader.fill_buf()?.starts_with(&[0x1f, 0x8b]);
    Ok(if gzip {
        Box::new(BufReader::with_capacity(READ_BUFFER, MultiGzDecoder::new(reader)))
    } else {
        Box::new(reader)
    })
}
