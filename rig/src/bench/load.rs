//! A closed-loop load generator: each connection sends a request, waits for the response, and sends again.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Instant,
};

use anyhow::{Result, ensure};
use tokio::task::{JoinSet, LocalSet};

use crate::{
    bench::payload,
    deliveries,
    http::{self, Connection},
    installation::SECRET,
};

use super::numbers;
pub(super) use super::numbers::disguised;
pub(crate) use super::numbers::scatter;

/// Writes the request with this number into the buffer.
pub(super) type Requests = Rc<dyn Fn(u64, &mut Vec<u8>)>;

/// The size of the load.
#[derive(Clone, Copy)]
pub(super) struct Push {
    /// Number of concurrent connections.
    pub(super) connections: usize,
    /// Total number of requests.
    pub(super) count: u64,
    /// The number of the first request, so that no request is sent twice.
    pub(super) first: u64,
}

/// Results as seen by the client.
#[derive(Clone, Copy)]
pub(super) struct Seen {
    /// Responses per second.
    pub(super) rate: f64,
    /// The median latency in milliseconds.
    pub(super) p50: f64,
    /// The 95th percentile of the latencies in milliseconds.
    pub(super) p95: f64,
    /// The 99th percentile of the latencies in milliseconds.
    pub(super) p99: f64,
}

/// Sends `push.count` requests; every response must be a 2xx.
pub(super) async fn drive(port: u16, push: Push, requests: &Requests) -> Result<Seen> {
    let latencies = Rc::new(RefCell::new(Vec::with_capacity(push.count as usize)));
    let next = Rc::new(Cell::new(0));
    let local = LocalSet::new();
    let mut tasks = JoinSet::new();
    let start = Instant::now();
    for _ in 0..push.connections {
        let loop_of_one =
            talk(port, push, Rc::clone(&next), Rc::clone(requests), Rc::clone(&latencies));
        tasks.spawn_local_on(loop_of_one, &local);
    }
    let ended = local.run_until(async {
        while let Some(task) = tasks.join_next().await {
            task??;
        }
        anyhow::Ok(())
    });
    ended.await?;
    let seconds = start.elapsed().as_secs_f64();
    let mut latencies = latencies.take();
    latencies.sort_by(f64::total_cmp);
    let at = |share| numbers::at(&latencies, share);
    Ok(Seen { rate: push.count as f64 / seconds, p50: at(0.50), p95: at(0.95), p99: at(0.99) })
}

async fn talk(
    port: u16,
    push: Push,
    next: Rc<Cell<u64>>,
    requests: Requests,
    latencies: Rc<RefCell<Vec<f64>>>,
) -> Result<()> {
    let mut connection = Connection::open(port).await?;
    let mut request = Vec::with_capacity(32 * 1024);
    while next.get() < push.count {
        let number = push.first + next.replace(next.get() + 1);
        request.clear();
        requests(number, &mut request);
        let start = Instant::now();
        let answer = connection.send(&request).await?;
        latencies.borrow_mut().push(start.elapsed().as_secs_f64() * 1e3);
        let body = String::from_utf8_lossy(&answer.body);
        ensure!(
            (200..300).contains(&answer.status),
            "request {number} was answered {}: {body}",
            answer.status
        );
    }
    Ok(())
}

/// Returns deliveries of `bodies` in turn, each signed once, with unique delivery IDs.
pub(super) fn deliveries(bodies: Vec<Vec<u8>>) -> Requests {
    let signed: Vec<_> =
        bodies.into_iter().map(|body| (deliveries::signature(SECRET, &body), body)).collect();
    Rc::new(move |number, request| {
        let (signature, body) = &signed[number as usize % signed.len()];
        let id = delivery_id(number);
        let head = deliveries::head("pull_request", &id, signature, body.len());
        request.extend_from_slice(head.as_bytes());
        request.extend_from_slice(body);
    })
}

/// Returns bodies of one repository, for measuring the inbox alone.
pub(super) fn some_bodies(repository: u64) -> Vec<Vec<u8>> {
    let statement = |number| payload::Statement {
        repository,
        number,
        author: number % 50,
        day: payload::day_of(3, number),
        merged: number % 2 == 0,
    };
    (1..=256).map(statement).map(payload::body).collect()
}

/// Returns GETs of `paths` in turn, each at a new address, so that the read is measured instead of the page cache.
pub(super) fn gets(paths: &[String]) -> Requests {
    let paths = paths.to_vec();
    // A later push starts again at the first number, but its addresses must be new.
    let asked = Cell::new(0);
    Rc::new(move |_, request| {
        let number = asked.replace(asked.get() + 1);
        let path = &paths[number as usize % paths.len()];
        let address = disguised(path, number / paths.len() as u64);
        request.extend_from_slice(http::get(&address).as_bytes());
    })
}

/// Returns a UUID. Consecutive numbers get IDs that are far apart in an index.
fn delivery_id(number: u64) -> String {
    let (high, low) = (scatter(number), scatter(!number));
    let (a, b, c) = (high >> 32, (high >> 16) & 0xffff, high & 0xfff);
    format!("{a:08x}-{b:04x}-4{c:03x}-8{:03x}-{:012x}", (low >> 48) & 0xfff, low & 0xffff_ffff_ffff)
}
