//! The storage that fails on demand behaves like the real one, and crashes as planned.

use super::*;

#[test]
fn a_crash_keeps_what_was_written_and_ends_with_the_restart() {
    let storage = Faulty::default();
    storage.put("/logs/other.log", b"");
    let path = Path::new("/logs/access.log");
    let mut file = storage.open(path).unwrap();
    file.write(b"whole\n").unwrap();
    storage.plan_after(1, Fault::Crash(2));
    assert_eq!(file.size().unwrap(), 6);
    assert_eq!(file.write(b"torn").unwrap(), 2);
    assert!(storage.has_crashed());
    assert!(storage.remove(path).is_err());
    storage.restart();
    assert_eq!(storage.content(path), b"whole\nto");
    storage.remove(path).unwrap();
}

#[test]
fn a_crash_at_another_call_undoes_it() {
    let storage = Faulty::default();
    storage.put("/logs/access.log", b"line\n");
    storage.plan(Call::Rename, [Fault::Crash(9)]);
    let [from, to] = ["/logs/access.log", "/logs/old"].map(Path::new);
    assert!(storage.rename_new(from, to).is_err());
    storage.restart();
    assert_eq!(storage.paths(), [from]);
}

#[test]
fn an_open_file_lives_on_whatever_others_do_to_its_name() {
    let storage = Faulty::default();
    storage.put("/logs/access.log", b"");
    storage.put_link("/logs/link", b"");
    storage.set_free_bytes(7);
    storage.set_modified(9);
    let [logs, path] = ["/logs", "/logs/access.log"].map(Path::new);
    let mut file = storage.open(path).unwrap();
    storage.move_away(path, "/logs/access.log.1");
    file.write(b"line\n").unwrap();
    assert_eq!(storage.content("/logs/access.log.1"), b"line\n");
    storage.empty("/logs/access.log.1");
    assert_eq!((file.size().unwrap(), file.modified().unwrap()), (0, 9));
    assert_eq!(storage.list(logs).unwrap().iter().filter(|entry| entry.is_regular).count(), 1);
    assert_eq!(storage.free_bytes(logs).unwrap(), 7);
    storage.take_away(logs);
    file.write(b"line\n").unwrap();
    assert_eq!(storage.open(path).unwrap_err().kind(), ErrorKind::NotFound);
    storage.create_dir_all(logs).unwrap();
    let new = storage.open(path).unwrap();
    assert_ne!(new.identity().unwrap(), file.identity().unwrap());
}
