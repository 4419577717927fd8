//! Reads the output of `strace -f -y -o FILE`, and checks that deliveries were on disk before they
//! were acknowledged.

use std::collections::{BTreeMap, BTreeSet};

/// A system call in progress.
struct Call {
    /// The line of its beginning.
    began: usize,
    name: String,
    /// Its file or socket.
    file: String,
    /// The ids of deliveries in its bytes.
    ids: Vec<String>,
    is_acknowledgement: bool,
}

/// The state of a trace up to a line.
struct Witness<'a> {
    deliveries: &'a BTreeSet<String>,
    pending: BTreeMap<&'a str, Call>,
    /// The line that wrote a delivery's row to the log.
    written: BTreeMap<String, usize>,
    /// The line of the sync that wrote a delivery's row to disk.
    synced: BTreeMap<String, usize>,
    acknowledged: BTreeMap<String, usize>,
}

/// Returns the line of the sync that covers each acknowledged delivery. Fails at an acknowledgement without a completed
/// sync before it.
pub(super) fn judge(
    trace: &str,
    deliveries: &BTreeSet<String>,
) -> Result<BTreeMap<String, usize>, String> {
    let mut witness = Witness {
        deliveries,
        pending: BTreeMap::new(),
        written: BTreeMap::new(),
        synced: BTreeMap::new(),
        acknowledged: BTreeMap::new(),
    };
    for (number, line) in trace.lines().enumerate() {
        let (process, text) = line.split_once(' ').unwrap_or((line, ""));
        witness.line(number, process, text.trim_start())?;
    }
    Ok(witness.acknowledged)
}

impl<'a> Witness<'a> {
    fn line(&mut self, number: usize, process: &'a str, text: &str) -> Result<(), String> {
        if text.starts_with("<... ") {
            if let Some(call) = self.pending.remove(process) {
                self.ended(number, call, text);
            }
            return Ok(());
        }
        let Some(call) = self.call(number, text) else {
            return Ok(());
        };
        if call.is_acknowledgement {
            self.acknowledge(&call)?;
        }
        if text.ends_with("<unfinished ...>") {
            self.pending.insert(process, call);
        } else {
            self.ended(number, call, text);
        }
        Ok(())
    }

    fn call(&self, began: usize, text: &str) -> Option<Call> {
        let (name, arguments) = text.split_once('(')?;
        let (_, file) = arguments.split_once('<')?;
        let (file, rest) = file.split_once('>')?;
        let named = self.deliveries.iter().filter(|id| rest.contains(*id));
        Some(Call {
            began,
            name: name.to_owned(),
            file: file.to_owned(),
            ids: named.cloned().collect(),
            is_acknowledgement: rest.contains("HTTP/1.1 202"),
        })
    }

    fn acknowledge(&mut self, call: &Call) -> Result<(), String> {
        for id in &call.ids {
            let sync = self.synced.get(id).ok_or_else(|| {
                format!("line {}: {id} is acknowledged before it is on the disk", call.began + 1)
            })?;
            self.acknowledged.insert(id.clone(), *sync);
        }
        Ok(())
    }

    fn ended(&mut self, number: usize, call: Call, text: &str) {
        let went_well = text.rsplit_once(" = ").is_some_and(|(_, result)| !result.starts_with('-'));
        if !went_well || !call.file.ends_with("-wal") {
            return;
        }
        if matches!(call.name.as_str(), "fdatasync" | "fsync") {
            // A sync covers writes before its beginning.
            let covered = self.written.iter().filter(|(_, at)| **at < call.began);
            for (id, _) in covered {
                self.synced.entry(id.clone()).or_insert(number);
            }
        } else {
            for id in call.ids {
                self.written.entry(id).or_insert(number);
            }
        }
    }
}

const ROW: &str = r#"7 pwrite64(9</d/guildhall.db-wal>, "\r\0\3 one\0two\33", 4096, 56) = 4096"#;
const SYNC: &str = "7 fdatasync(9</d/guildhall.db-wal>) = 0";
const ONE: &str = r#"8 sendto(11<socket:[5]>, "HTTP/1.1 202 Accepted\r\nx-request-id: one\r\n", 40, MSG_NOSIGNAL, NULL, 0) = 40"#;
const TWO: &str = r#"8 writev(12<socket:[6]>, [{iov_base="HTTP/1.1 202 Accepted\r\nx-request-id: two", iov_len=40}], 1) = 40"#;

fn verdict(lines: &[&str]) -> Result<usize, String> {
    let deliveries = ["one", "two"].map(str::to_owned).into();
    judge(&lines.join("\n"), &deliveries).map(|acknowledged| acknowledged.len())
}

#[test]
fn a_sync_before_the_answer_passes() {
    assert_eq!(verdict(&[ROW, SYNC, ONE, TWO]), Ok(2));
    let began = "7 fdatasync(9</d/guildhall.db-wal> <unfinished ...>";
    let other = "8 fdatasync(3</d/other> <unfinished ...>";
    let ended = "7 <... fdatasync resumed>) = 0";
    assert_eq!(verdict(&[ROW, began, other, ended, ONE]), Ok(1));
    let refusal = r#"8 sendto(11<socket:[5]>, "HTTP/1.1 401 x-request-id: one", 40) = 40"#;
    assert_eq!(verdict(&[refusal]), Ok(0));
}

#[test]
fn an_answer_before_its_sync_fails() {
    let began = "7 fdatasync(9</d/guildhall.db-wal> <unfinished ...>";
    let ended = "7 <... fdatasync resumed>) = 0";
    let failed = "7 fdatasync(9</d/guildhall.db-wal>) = -1 EIO (Input/output error)";
    let elsewhere = "7 fdatasync(3</d/guildhall.db>) = 0";
    for bad in [
        &[ONE][..],
        &[ROW, ONE, SYNC],
        &[SYNC, ROW, ONE],
        &[ROW, began, ONE, ended],
        &[began, ROW, ended, ONE],
        &[ROW, failed, ONE],
        &[ROW, elsewhere, ONE],
        &[ROW, began, TWO, ended, ONE],
    ] {
        assert!(verdict(bad).is_err(), "{bad:?}");
    }
}
