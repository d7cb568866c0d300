//! The thread `control` answers requests on the socket in the log directory, one after the other. Only the owner of the run can
//! reach it. While no request comes, the thread looks after the socket: a directory that was removed comes back without it.

use std::fs;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Sender, bounded};
use jiff::Timestamp;
use log::warn;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{AtFlags, CWD, Mode, chmodat, fchmod};
use rustix::io::{FdFlags, fcntl_setfd};
use rustix::net::{AddressFamily, SocketAddrUnix, SocketType, bind, listen, socket};
use rustix::process::umask;

use super::FileRequest;
use super::reload::Reload;
use crate::config::steering::Act;
use crate::control::{ControlReply, ControlRequest, LONGEST, SOCKET};
use crate::orders::{Obeyed, Order, Orders};
use crate::status::Status;

/// How long a client may take to say what it wants, or to take the answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long no request may come before the thread looks whether the socket is still at its path.
const LOOKS_EVERY: Timespec = Timespec { tv_sec: 2, tv_nsec: 0 };
/// How many clients may wait for their turn.
const WAITING: i32 = 128;

/// Where requests come in.
#[derive(Debug)]
pub struct ControlSocket {
    bound: BoundSocket,
    path: PathBuf,
    /// Readable once the run has ended.
    ended: UnixStream,
}

/// A socket at a path.
#[derive(Debug)]
struct BoundSocket {
    listener: UnixListener,
    /// Which file it is: its device and its number there.
    file: (u64, u64),
}

/// Ends the thread when it is dropped.
#[derive(Debug)]
pub struct ControlStop {
    _ends: UnixStream,
}

impl ControlSocket {
    /// Listens in a directory whose lock the process holds. A socket that an earlier run left there is replaced.
    ///
    /// # Errors
    /// The system refuses, such as where the path is longer than 107 bytes, or in a file system without sockets.
    pub fn listen(directory: &Path) -> io::Result<(Self, ControlStop)> {
        let path = directory.join(SOCKET);
        match fs::symlink_metadata(&path) {
            Ok(found) if found.file_type().is_socket() => fs::remove_file(&path)?,
            Ok(_) => return Err(ErrorKind::AlreadyExists.into()),
            Err(_) => {}
        }
        // No other thread makes files yet. Some sandboxes know no mode of a socket, but a umask.
        let before = umask(Mode::RWXG | Mode::RWXO | Mode::XUSR);
        let bound = BoundSocket::at(&path);
        umask(before);
        let (bound, (ends, ended)) = (bound?, UnixStream::pair()?);
        Ok((Self { bound, path, ended }, ControlStop { _ends: ends }))
    }

    /// Listens anew if the socket is no longer at its path. Returns whether it was gone.
    ///
    /// # Errors
    /// There is something else, which stays as it is, or the system refuses, such as where the directory is gone.
    fn restore(&mut self) -> io::Result<bool> {
        match fs::symlink_metadata(&self.path) {
            Ok(found) if self.bound.is(&found) => Ok(false),
            Ok(_) => Err(ErrorKind::AlreadyExists.into()),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                self.bound = BoundSocket::at(&self.path)?;
                Ok(true)
            }
            Err(error) => Err(error),
        }
    }
}

impl BoundSocket {
    /// Makes a socket for the owner alone at a path where nothing is.
    fn at(path: &Path) -> io::Result<Self> {
        let socket = socket(AddressFamily::UNIX, SocketType::STREAM, None)?;
        fcntl_setfd(&socket, FdFlags::CLOEXEC)?;
        let mode = Mode::RUSR | Mode::WUSR;
        // Where other threads make files, the process's umask stays as it is. Linux gives the file the mode of its socket;
        // other systems refuse here.
        let _ = fchmod(&socket, mode);
        bind(&socket, &SocketAddrUnix::new(path)?)?;
        let made = Self::for_the_owner(path, mode).inspect_err(|_| {
            let _ = fs::remove_file(path);
        })?;
        // Before this, no client can connect.
        listen(&socket, WAITING)?;
        Ok(Self { listener: socket.into(), file: (made.dev(), made.ino()) })
    }

    /// Gives the file of a new socket its mode, if it has another one.
    fn for_the_owner(path: &Path, mode: Mode) -> io::Result<fs::Metadata> {
        let made = fs::symlink_metadata(path)?;
        if Mode::from_raw_mode(made.mode() as _) == mode {
            return Ok(made);
        }
        chmodat(CWD, path, mode, AtFlags::SYMLINK_NOFOLLOW)?;
        fs::symlink_metadata(path)
    }

    /// Whether a file is this socket.
    fn is(&self, found: &fs::Metadata) -> bool {
        (found.dev(), found.ino()) == self.file
    }
}

impl Drop for ControlSocket {
    fn drop(&mut self) {
        // If it is gone already, it was taken away with its directory. What is there instead is not ours.
        if fs::symlink_metadata(&self.path).is_ok_and(|found| self.bound.is(&found)) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// What the control thread has to do next.
enum ControlCall {
    /// A client asks.
    Client,
    /// No request has come for a while.
    None,
    /// The run has ended.
    End,
}

/// The state of the control thread.
pub struct ControlThread {
    /// Where requests come in.
    pub socket: ControlSocket,
    /// Asks the scheduler.
    pub orders: Orders,
    /// Reads the configuration again.
    pub reload: Reload,
    /// Asks the writer to rotate the files.
    pub files: Sender<FileRequest>,
    /// Says how the run is doing.
    pub status: Arc<Status>,
}

impl ControlThread {
    /// Answers until the run has ended.
    pub fn run(mut self) {
        let mut is_missed = false;
        loop {
            match self.next_call() {
                ControlCall::Client => {
                    if let Ok((client, _)) = self.socket.bound.listener.accept() {
                        // What becomes of one client is its own affair.
                        let _ = self.serve(&client);
                    }
                }
                ControlCall::None => is_missed = self.look_after_socket(is_missed),
                ControlCall::End => return,
            }
        }
    }

    /// Waits for a client, for some time.
    fn next_call(&self) -> ControlCall {
        let mut ready = [
            PollFd::new(&self.socket.bound.listener, PollFlags::IN),
            PollFd::new(&self.socket.ended, PollFlags::IN),
        ];
        match poll(&mut ready, Some(&LOOKS_EVERY)) {
            Ok(0) | Err(rustix::io::Errno::INTR) => ControlCall::None,
            Ok(_) if ready[1].revents().is_empty() => ControlCall::Client,
            Ok(_) | Err(_) => ControlCall::End,
        }
    }

    /// Restores the socket if it is gone. Returns whether `ctl` misses it, which is said once.
    fn look_after_socket(&mut self, is_missed: bool) -> bool {
        let restored = self.socket.restore();
        let path = self.socket.path.display();
        match restored {
            Ok(false) => false,
            Ok(true) => {
                warn!("The socket for `ctl` was gone: it is at {path} again");
                false
            }
            Err(error) => {
                if !is_missed {
                    warn!(
                        "The socket for `ctl` is no longer at {path}, and cannot be made there: {error}"
                    );
                }
                true
            }
        }
    }

    fn serve(&self, mut client: &UnixStream) -> io::Result<()> {
        client.set_read_timeout(Some(PATIENCE))?;
        client.set_write_timeout(Some(PATIENCE))?;
        let mut line = String::new();
        BufReader::new(client.take(LONGEST)).read_line(&mut line)?;
        let words: Vec<&str> = line.split_whitespace().collect();
        let reply = match ControlRequest::parse(&words) {
            Ok(request) => self.answer(request),
            Err(why) => ControlReply::Refused(why),
        };
        let mut answer = serde_json::to_vec(&reply).expect("text has a JSON form");
        answer.push(b'\n');
        client.write_all(&answer)
    }

    fn answer(&self, request: ControlRequest) -> ControlReply {
        let order = match request {
            ControlRequest::Status => return self.say_status(),
            ControlRequest::Rotate => return self.have_rotated(),
            ControlRequest::Reload => {
                return match (self.reload)() {
                    Ok(what) => ControlReply::Done(what),
                    Err(why) => ControlReply::Refused(why),
                };
            }
            ControlRequest::Rate(rate) => Order::Act(Act::Rate(rate)),
            ControlRequest::Start(event) => Order::Act(Act::Start(event)),
            ControlRequest::Stop(event) => Order::Act(Act::Stop(event)),
            ControlRequest::Pause => Order::Pause,
            ControlRequest::Resume => Order::Resume,
        };
        match self.orders.give(order) {
            Obeyed::Done(what) => ControlReply::Done(what),
            Obeyed::Refused(why) => ControlReply::Refused(why),
            Obeyed::Busy => ControlReply::Refused(Obeyed::BUSY.to_owned()),
            Obeyed::NeedsAnotherSite(_) => unreachable!("only a reload can need one"),
        }
    }

    fn say_status(&self) -> ControlReply {
        let (_, health) = self.status.health(Instant::now(), Timestamp::now());
        let text = serde_json::to_string_pretty(&health).expect("counts have a JSON form");
        ControlReply::Done(text)
    }

    fn have_rotated(&self) -> ControlReply {
        let (done, rotated) = bounded(1);
        let asked = self.files.send(FileRequest::Rotate(done)).is_ok();
        match asked && rotated.recv().is_ok() {
            true => ControlReply::Done("The log files are rotated".to_owned()),
            false => ControlReply::Refused("the run is ending".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    /// A directory in a temporary one, with a socket.
    fn listening() -> (tempfile::TempDir, PathBuf, ControlSocket, ControlStop) {
        let root = tempfile::tempdir().unwrap();
        let directory = root.path().join("logs");
        fs::create_dir(&directory).unwrap();
        let (socket, stop) = ControlSocket::listen(&directory).unwrap();
        (root, directory, socket, stop)
    }

    fn reaches(socket: &ControlSocket) -> bool {
        let mut client = UnixStream::connect(&socket.path).unwrap();
        client.write_all(b"status\n").unwrap();
        let (mut server, _) = socket.bound.listener.accept().unwrap();
        let mut line = [0; 7];
        server.read_exact(&mut line).is_ok() && line == *b"status\n"
    }

    fn mode(path: &Path) -> u32 {
        fs::symlink_metadata(path).unwrap().permissions().mode() & 0o7777
    }

    #[test]
    fn a_socket_that_was_removed_with_its_directory_comes_back_with_it_for_its_owner_alone() {
        let (_root, directory, mut socket, _stop) = listening();
        assert_eq!(mode(&socket.path), 0o600);
        assert!(!socket.restore().unwrap() && reaches(&socket));
        fs::remove_dir_all(&directory).unwrap();
        assert_eq!(socket.restore().unwrap_err().kind(), ErrorKind::NotFound);
        fs::create_dir(&directory).unwrap();
        assert!(socket.restore().unwrap() && reaches(&socket));
        assert_eq!(mode(&socket.path), 0o600);
        assert!(!socket.restore().unwrap(), "it is there now");
        let path = socket.path.clone();
        drop(socket);
        assert!(fs::symlink_metadata(path).is_err(), "a run that ends takes it away");
    }

    #[test]
    fn what_another_program_has_put_at_the_path_of_the_socket_is_neither_followed_nor_removed() {
        let (root, _, mut socket, _stop) = listening();
        let path = socket.path.clone();
        let elsewhere = root.path().join("elsewhere");
        let others: [fn(&Path, &Path); 3] = [
            |path, elsewhere| std::os::unix::fs::symlink(elsewhere, path).unwrap(),
            |path, _| fs::write(path, "not a socket").unwrap(),
            |path, _| drop(UnixListener::bind(path).unwrap()),
        ];
        for put in others {
            fs::remove_file(&path).unwrap();
            put(&path, &elsewhere);
            let before = fs::symlink_metadata(&path).unwrap().ino();
            assert_eq!(socket.restore().unwrap_err().kind(), ErrorKind::AlreadyExists);
            assert_eq!(fs::symlink_metadata(&path).unwrap().ino(), before);
            assert!(fs::symlink_metadata(&elsewhere).is_err());
        }
        drop(socket);
        assert!(fs::symlink_metadata(&path).is_ok(), "it belongs to another");
    }
}
