//! Lets the linker keep one of several functions with the same machine code, of which generic code has many.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |name, value| env::var(name).is_ok_and(|set| set == value);
    // Only for this target does rustc choose the linker, lld; others may not know the option.
    if is("TARGET", "x86_64-unknown-linux-gnu") && is("PROFILE", "release") {
        println!("cargo::rustc-link-arg-bins=-Wl,--icf=all");
    }
}
