//! A file of deliveries as a stream of lines: never all of it in memory, the bodies' bytes exactly
//! as they stand.

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
/// Lines read ahead: a few keep the senders busy, and each may hold a body of 25 MiB.
const READ_AHEAD: usize = 16;

/// Source of the deliveries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file, plain or gzip.
    File(PathBuf),
    /// Standard input, written `-`; plain or gzip.
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

/// One delivery, ready to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The webhook's name: `X-GitHub-Event`.
    pub event: HeaderValue,
    /// The delivery's id: `X-GitHub-Delivery`.
    pub delivery: HeaderValue,
    /// The hook that sends: `X-GitHub-Hook-ID`.
    pub hook_id: Option<HeaderValue>,
    /// The body's bytes.
    pub body: Bytes,
}

/// A line that is not a delivery.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {number}: {reason}")]
pub struct BadLine {
    /// Counted from 1, blank lines included.
    pub number: u64,
    /// The mistake, and the form of a line.
    pub reason: String,
}

#[derive(Deserialize)]
struct Fields<'a> {
    #[serde(borrow)]
    event: Cow<'a, str>,
    #[serde(borrow)]
    delivery: Cow<'a, str>,
    /// A number, or its digits in a string.
    #[serde(borrow)]
    hook_id: Option<&'a RawValue>,
    #[serde(borrow)]
    body: &'a RawValue,
}

impl Line {
    /// A delivery of `body`, for a caller that has no file.
    pub fn new(event: &str, delivery: &str, body: impl Into<Bytes>) -> Result<Self, String> {
        Ok(Self {
            event: header("event", event)?,
            delivery: header("delivery", delivery)?,
            hook_id: None,
            body: body.into(),
        })
    }

    /// Reads one line; the body shares its memory.
    pub fn parse(line: &Bytes) -> Result<Self, String> {
        let fields: Fields<'_> = serde_json::from_slice(line).map_err(|error| {
            format!(
                "not a delivery ({error}): use one JSON object per line, \
                 {{\"event\": \"…\", \"delivery\": \"…\", \"body\": {{…}}}}"
            )
        })?;
        let hook_id = fields
            .hook_id
            .map(|id| header("hook_id", id.get().trim_matches('"')));
        let body = line.slice_ref(fields.body.get().as_bytes());
        Ok(Self {
            hook_id: hook_id.transpose()?,
            ..Self::new(&fields.event, &fields.delivery, body)?
        })
    }
}

fn header(field: &str, text: &str) -> Result<HeaderValue, String> {
    HeaderValue::from_str(text)
        .ok()
        .filter(|value| !value.is_empty())
        .ok_or_else(|| {
            format!("'{field}' is empty or has a character that is not allowed in an HTTP header")
        })
}

/// Opens `source` at once and reads it as the stream is drained.
pub(super) fn open(
    source: &Source,
) -> anyhow::Result<impl Stream<Item = Result<Line, BadLine>> + use<>> {
    let reader: Box<dyn Read + Send> = match source {
        Source::File(path) => Box::new(open_file(path)?),
        Source::Stdin => Box::new(io::stdin()),
    };
    let (sender, receiver) = mpsc::channel(READ_AHEAD);
    tokio::task::spawn_blocking(move || {
        for_each_line(reader, |number, line| {
            let line = line.and_then(|line| Line::parse(&line));
            // The receiver is gone: stop reading.
            sender
                .blocking_send(line.map_err(|reason| BadLine { number, reason }))
                .is_ok()
        });
    });
    Ok(stream::unfold(receiver, |mut receiver| async {
        receiver.recv().await.map(|line| (line, receiver))
    }))
}

/// The repositories `(GitHub id, full name)` that the file's bodies name, by id; the name last
/// seen wins. Lines that are no deliveries are passed over: sending reports them.
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
    let Repository { id, full_name } = serde_json::from_slice::<Delivery>(line)
        .ok()?
        .body
        .repository;
    Some((id, full_name))
}

fn open_file(path: &Path) -> anyhow::Result<File> {
    File::open(path).with_context(|| format!("cannot open {}", path.display()))
}

/// Calls `each` with every line that is not blank, until it says to stop. A file that cannot be
/// read on ends with the reason.
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
            // The next line is likely as long: spares growing it step by step.
            size = line.len();
            if !line.trim_ascii().is_empty() && !each(number, Ok(Bytes::from(line))) {
                return Ok(());
            }
        }
    });
    if let Err(error) = end {
        each(
            number,
            Err(format!("cannot read the rest of the file: {error}")),
        );
    }
}

/// Gzip is known by its first bytes, because standard input has no name.
fn plain(reader: impl Read + 'static) -> io::Result<Box<dyn BufRead>> {
    let mut reader = BufReader::with_capacity(READ_BUFFER, reader);
    let gzip = reader.fill_buf()?.starts_with(&[0x1f, 0x8b]);
    Ok(if gzip {
        Box::new(BufReader::with_capacity(
            READ_BUFFER,
            MultiGzDecoder::new(reader),
        ))
    } else {
        Box::new(reader)
    })
}
