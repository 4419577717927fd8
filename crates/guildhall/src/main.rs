//! The program `guildhall`.

use libmimalloc_sys::{mi_option_set_default, mi_option_t};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The option `mi_option_purge_delay` of mimalloc, in milliseconds.
const PURGE_DELAY: mi_option_t = 15;

/// Returns freed memory to the system after 10 ms, unless `MIMALLOC_PURGE_DELAY` says otherwise. After a second, which is
/// mimalloc's default, large deliveries that follow each other keep the memory of those before them.
#[expect(unsafe_code, reason = "mimalloc has no safe function that sets an option")]
fn free_memory_soon() {
    // SAFETY: it stores a number, which no other thread reads yet.
    unsafe { mi_option_set_default(PURGE_DELAY, 10) };
}

fn main() -> std::process::ExitCode {
    free_memory_soon();
    guildhall::commands::main()
}
