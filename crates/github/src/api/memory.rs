use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
};

use platform::config::LARGEST_BODY;

/// The size up to which a body is small, in bytes.
const SMALL: usize = 256 * 1024;

/// The memory for bodies that are being received, with a share for each client's network as long as the signatures of
/// its bodies are not verified.
#[derive(Debug)]
pub(super) struct Memory {
    /// The bytes for all bodies.
    bytes: usize,
    used: Mutex<Used>,
}

#[derive(Debug, Default)]
struct Used {
    bytes: usize,
    /// The unverified bytes of each network that has any.
    unverified: HashMap<IpAddr, usize>,
}

/// The reason why there is no memory for a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Full {
    /// The bodies of all clients use it.
    All,
    /// The client's network uses its share.
    Share,
}

impl Memory {
    pub(super) fn new(bytes: usize) -> Self {
        Self { bytes, used: Mutex::default() }
    }

    /// Returns the memory of a body that a client begins to send.
    pub(super) fn body(&self, client: IpAddr) -> BodyMemory<'_> {
        BodyMemory { memory: self, client, bytes: 0, is_verified: false }
    }

    /// The memory beyond [`Self::bytes`] that only small bodies may use.
    fn reserve(&self) -> usize {
        self.bytes / 8
    }

    /// Returns how much one network may use unverified, when all bodies use `used` bytes. One largest body fits.
    fn share(&self, used: usize) -> usize {
        if used <= self.bytes { (self.bytes / 2).max(LARGEST_BODY) } else { self.reserve() / 4 }
    }

    fn lock(&self) -> MutexGuard<'_, Used> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The memory of one body, freed when dropped.
#[derive(Debug)]
pub(super) struct BodyMemory<'a> {
    memory: &'a Memory,
    client: IpAddr,
    bytes: usize,
    is_verified: bool,
}

impl BodyMemory<'_> {
    /// Adds bytes that have arrived.
    ///
    /// # Errors
    /// When there is no memory for them. Nothing is added then.
    pub(super) fn grow(&mut self, bytes: usize) -> Result<(), Full> {
        let mut used = self.memory.lock();
        let (all, own) = self.with(&used, bytes)?;
        used.bytes = all;
        used.unverified.insert(self.client, own);
        self.bytes += bytes;
        Ok(())
    }

    /// Checks that there is memory for an announced body now, and reserves none: a client may never send it.
    ///
    /// # Errors
    /// When there is no memory for it.
    pub(super) fn fits(&self, bytes: usize) -> Result<(), Full> {
        self.with(&self.memory.lock(), bytes).map(drop)
    }

    /// Returns the bytes of all bodies and of the network's unverified ones, with this many more for this body.
    fn with(&self, used: &Used, bytes: usize) -> Result<(usize, usize), Full> {
        let memory = self.memory;
        let all = used.bytes.saturating_add(bytes);
        let is_small = self.bytes.saturating_add(bytes) <= SMALL;
        let limit = memory.bytes + if is_small { memory.reserve() } else { 0 };
        if all > limit {
            return Err(Full::All);
        }
        let own = used.unverified.get(&self.client).copied().unwrap_or(0) + bytes;
        if own > memory.share(all) {
            return Err(Full::Share);
        }
        Ok((all, own))
    }

    /// Takes a body with a valid signature off its network's share.
    pub(super) fn verify(&mut self) {
        if !self.is_verified {
            self.memory.lock().free_share(self.client, self.bytes);
            self.is_verified = true;
        }
    }
}

impl Used {
    fn free_share(&mut self, client: IpAddr, bytes: usize) {
        if let Some(own) = self.unverified.get_mut(&client) {
            *own = own.saturating_sub(bytes);
            if *own == 0 {
                self.unverified.remove(&client);
            }
        }
    }
}

impl Drop for BodyMemory<'_> {
    fn drop(&mut self) {
        let mut used = self.memory.lock();
        used.bytes = used.bytes.saturating_sub(self.bytes);
        if !self.is_verified {
            used.free_share(self.client, self.bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: usize = 1024 * 1024;

    fn client(last: u8) -> IpAddr {
        [203, 0, 113, last].into()
    }

    /// Sends bodies of `bytes` until one is refused; returns the accepted ones and the reason.
    fn fill(memory: &Memory, client: IpAddr, bytes: usize) -> (Vec<BodyMemory<'_>>, Full) {
        let mut bodies = Vec::new();
        loop {
            let mut body = memory.body(client);
            match body.grow(bytes) {
                Ok(()) => bodies.push(body),
                Err(full) => return (bodies, full),
            }
        }
    }

    #[test]
    fn one_client_gets_half_and_the_next_ones_the_rest() {
        let memory = Memory::new(64 * MIB);
        let (first, full) = fill(&memory, client(1), MIB);
        assert_eq!((first.len(), full), (32, Full::Share));
        let (second, full) = fill(&memory, client(2), MIB);
        assert_eq!((second.len(), full), (32, Full::All));
        // Both have more than their share of the reserve; a third one does not.
        assert_eq!(memory.body(client(1)).grow(1024), Err(Full::Share));
        let (third, full) = fill(&memory, client(3), 1024);
        assert_eq!((third.len(), full), (2 * 1024, Full::Share));
        assert_eq!(memory.body(client(4)).grow(MIB), Err(Full::All));
        assert_eq!(memory.body(client(4)).grow(1024), Ok(()));
        drop((first, second, third));
        let used = memory.lock();
        assert_eq!((used.bytes, used.unverified.len()), (0, 0));
    }

    #[test]
    fn verified_bodies_leave_the_share_but_not_the_memory() {
        let memory = Memory::new(64 * MIB);
        let (mut bodies, _) = fill(&memory, client(1), MIB);
        for body in &mut bodies {
            body.verify();
            body.verify();
        }
        let (more, full) = fill(&memory, client(1), MIB);
        assert_eq!((more.len(), full), (32, Full::All));
        drop((bodies, more));
        assert_eq!(memory.lock().bytes, 0);
    }

    #[test]
    fn an_announced_body_is_checked_and_reserves_nothing() {
        let memory = Memory::new(64 * MIB);
        let mut first = memory.body(client(1));
        assert_eq!(first.grow(20 * MIB), Ok(()));
        assert_eq!(memory.body(client(1)).fits(20 * MIB), Err(Full::Share));
        first.verify();
        let second = memory.body(client(1));
        assert_eq!(second.fits(20 * MIB), Ok(()));
        assert_eq!(memory.body(client(2)).fits(45 * MIB), Err(Full::All));
        assert_eq!(memory.lock().bytes, 20 * MIB);
    }

    #[test]
    fn the_smallest_memory_takes_one_largest_body() {
        let memory = Memory::new(LARGEST_BODY);
        let mut body = memory.body(client(1));
        assert_eq!(body.grow(LARGEST_BODY), Ok(()));
        assert_eq!(memory.body(client(2)).grow(1024), Ok(()));
    }
}
