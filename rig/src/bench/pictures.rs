//! (j) Memory and liveness while many people upload the largest picture that is accepted.

use std::{io::Write as _, sync::Arc, time::Duration};

use anyhow::{Result, ensure};
use flate2::{Compression, Crc, write::ZlibEncoder};
use tokio::task::JoinSet;

use super::{
    Ground, contestants, hostile,
    proc::{forget_peak, own, peak, resident},
    report::{Bound, Promise, Report},
};
use crate::{fake_github::SESSION, http::Connection};

/// How long the server rests before.
const REST: Duration = Duration::from_secs(30);
/// Uploads at once.
const UPLOADS: usize = 50;
/// The width and the height of the picture: 39.99 megapixels.
const SIDE: u32 = 6_324;
/// The most memory that the uploads may take, in MiB.
const MOST_MEMORY: f64 = 150.0;
/// The most milliseconds until the 99th percentile of probes is answered.
const MOST: f64 = 50.0;

/// Measures on SQLite: pictures do not depend on the engine.
pub(super) async fn run(ground: &Ground<'_>, report: &mut Report) -> Result<()> {
    let installation = contestants::empty(ground, "pictures", None).await?;
    let serving = installation.demo().await?;
    // The uploads of one person are limited.
    let sessions =
        [serving.session_of("contributor").await?, serving.session_of("maintainer").await?];
    let file = png(SIDE)?;
    let requests = sessions.map(|session| Arc::new(upload(&file, &session)));
    let (port, id) = (serving.port, serving.daemon.pid());
    // The first upload loads what later ones use.
    Connection::open(port).await?.send(&requests[0]).await?;
    // What loading the demo took is returned by then, and would hide what uploads take.
    tokio::time::sleep(REST).await;
    forget_peak(id)?;
    let (before, own_before) = (resident(id)?, own(id)?);
    let mut outcomes = Vec::new();
    let uploads = async {
        let mut sent = JoinSet::new();
        for request in requests.iter().cycle().take(UPLOADS) {
            sent.spawn(send(port, Arc::clone(request)));
        }
        outcomes = sent.join_all().await;
    };
    let during = hostile::probe(port, uploads).await?;
    let statuses: Vec<u16> = outcomes.into_iter().collect::<Result<_>>()?;
    let accepted = statuses.iter().filter(|status| **status == 303).count();
    ensure!(statuses.iter().all(|status| [303, 503].contains(status)), "statuses: {statuses:?}");
    let more = peak(id)? - before;
    report.section("(j) Uploads of pictures, on SQLite", &[]);
    report.note(&format!(
        "{UPLOADS} uploads at once of {SIDE} × {SIDE} pixels, {} KiB each: {accepted} accepted, the others asked to try \
         again; {before:.0} MiB before, of which {own_before:.0} MiB are its own. /livez: p50 {:.2}, longest {:.2} ms",
        file.len() / 1024,
        during.p50,
        during.longest
    ));
    let promise = |what: &str, figure, unit, most| Promise {
        what: what.to_owned(),
        figure,
        unit,
        bound: Bound::AtMost(most),
        of: "fixed".to_owned(),
    };
    report.promises(&[
        promise("memory at most, in addition", more, "MiB", MOST_MEMORY),
        promise("/livez meanwhile, p99", during.p99, "ms", MOST),
    ]);
    Ok(())
}

async fn send(port: u16, request: Arc<Vec<u8>>) -> Result<u16> {
    Ok(Connection::open(port).await?.send(&request).await?.status)
}

/// Returns the request that uploads a picture of one's own.
fn upload(file: &[u8], session: &str) -> Vec<u8> {
    let part =
        "--limit\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a.png\"\r\n\r\n";
    let body = [part.as_bytes(), file, b"\r\n--limit--\r\n"].concat();
    let head = format!(
        "POST /settings/profile/picture HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {SESSION}={session}\r\n\
         Sec-Fetch-Site: same-origin\r\nContent-Type: multipart/form-data; boundary=limit\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), &body].concat()
}

/// Returns a square PNG with slanted bands of color.
fn png(side: u32) -> Result<Vec<u8>> {
    let mut rows = ZlibEncoder::new(Vec::new(), Compression::fast());
    for y in 0..side {
        // Each row begins with its filter.
        let mut row = vec![0];
        row.extend((0..side).flat_map(|x| {
            let band = ((x / 16 + y / 9) % 251) as u8;
            [band, band ^ 0x5a, 255 - band]
        }));
        rows.write_all(&row)?;
    }
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let sides = [side.to_be_bytes(), side.to_be_bytes()].concat();
    for (name, content) in [
        (b"IHDR", [&sides[..], &[8, 2, 0, 0, 0]].concat()),
        (b"IDAT", rows.finish()?),
        (b"IEND", Vec::new()),
    ] {
        let mut sum = Crc::new();
        sum.update(name);
        sum.update(&content);
        file.extend(u32::try_from(content.len())?.to_be_bytes());
        file.extend(name);
        file.extend(content);
        file.extend(sum.sum().to_be_bytes());
    }
    Ok(file)
}
