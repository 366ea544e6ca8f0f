/* The run sequence: charge, decrypt, gate, seal, commit, serve, by two nodes over one store in the hands of a host. See README.md.

   A log is the name of its newest row: each row names the one before it, so a log is the way from a row back to row 0, and a rollback or a
   fork is another name. Every row that was ever stored stays in the table; what the store shows is `store`, what a node has folded `view`.
   Row 0 stands for everything before the runs: contract, datasets, the queries and their approvals. */

#ifndef CRASHES
#define CRASHES 2
#endif
#ifndef RESTORES
#define RESTORES 1
#endif
#ifndef ROWS
#define ROWS 4
#endif
#define NODES 2
#ifndef QUERIES
#define QUERIES 1
#endif
#define BUDGET QUERIES /* runs that the owner allows, over all its collaborations: one of them asks once more */
#define BOOKINGS (QUERIES + 2)
#define OTHER QUERIES /* a run of the owner's other collaboration */

/* PROPERTY chooses one of the assertions; without it all of them are on. */
#ifdef PROPERTY
#define HOLDS(number, what) assert(PROPERTY != number || (what))
#else
#define HOLDS(number, what) assert(what)
#endif
#define OVERSPENT 1
#define UNCHARGED 2
#define UNCOMMITTED 3
#define TWO_ANSWERS 4
#define UNGATED 5
#define NOT_FRESH 6
#define WENT_ON 7
#define REFUNDED 8
#define CHARGED_TWICE 9
#define OTHER_NOISE 10
#define RESULT_TWICE 11
#define REACHED 12

#define CHARGE 1
#define RESULT 2
#define FAILURE 3

typedef Row { byte prev; byte size; byte kind; byte query; byte noise; byte pin }
typedef Booking { byte prev; byte size; byte query }

Row row[ROWS + 1];
Booking booking[BOOKINGS + 1];
byte rows, bookings;

/* The host's store, and the copy that it keeps. Torn: a row that was sealed for another predecessor; it opens for nobody. */
byte store, kept, bookStore, bookKept;
bit torn, keptTorn, bookTorn, bookKeptTorn;
byte crashes, restores;
bit copied;

/* The honest owner's witness: the newest log that it cosigned. */
byte witness;

/* Nodes: what a process remembers of the room, beside its activation. */
byte view[NODES], seen[NODES], bookSeen[NODES];
bit open[NODES], fresh[NODES], halted[NODES];

/* Kept by the checker alone. */
byte atStart[NODES];          /* what the witness had seen when the process started */
bit wasHalted[NODES], wasDown;
byte firstCharge[QUERIES], firstAnswer[QUERIES];
bit decrypted[ROWS + 1];
byte sealedNoise[ROWS + 1];
bit unwitnessed, forked, bookForked; /* the limits of README.md */

/* Scratch of one step; clean between steps, so that it makes no states. */
byte x, y, count, spent;
bit yes, no, ended;

#ifdef LIMIT_UNWITNESSED
#define EXEMPT (forked || bookForked)
#else
#ifdef LIMIT_FORK
#define EXEMPT (unwitnessed || bookForked)
#else
#ifdef LIMIT_BUDGET_LOG
#define EXEMPT (unwitnessed || forked)
#else
#define EXEMPT (unwitnessed || forked || bookForked)
#endif
#endif
#endif

inline clean() { x = 0; y = 0; count = 0; spent = 0; yes = 0; no = 0; ended = 0 }
/* yes = the log that ends with `log` holds row `what`. Names grow along a log. */
inline holds(what, log) {
  x = log;
  do :: x > what -> x = row[x].prev :: else -> break od;
  yes = (x == what); x = 0
}
inline bookHolds(what, log) {
  x = log;
  do :: x > what -> x = booking[x].prev :: else -> break od;
  yes = (x == what); x = 0
}
/* y = the newest row of a kind and query in a log; 0 when there is none. */
inline find(log, k, q) {
  x = log;
  do :: x != 0 && !(row[x].kind == k && row[x].query == q) -> x = row[x].prev :: else -> break od;
  y = x; x = 0
}
/* count = what the log says was spent. */
inline countCharges(log) {
  x = log; count = 0;
  do
  :: x != 0 ->
    if
    :: row[x].kind == CHARGE -> count++
#ifdef DEFECT_REFUND
    :: row[x].kind == FAILURE -> count--
#endif
    :: else
    fi;
    x = row[x].prev
  :: else -> break
  od
}
inline countBookings(log) {
  x = log; count = 0;
  do
  :: x != 0 -> count++; x = booking[x].prev
  :: else -> break
  od
}
/* y = where a query is booked in an owner's log; 0 when it is not. */
inline findBooking(log, q) {
  x = log;
  do :: x != 0 && booking[x].query != q -> x = booking[x].prev :: else -> break od;
  y = x; x = 0
}
/* y = the newest booking that the charges of a log hold in place. */
inline findPin(log) {
  x = log;
  do :: x != 0 && row[x].kind != CHARGE -> x = row[x].prev :: else -> break od;
  y = (x == 0 -> 0 : row[x].pin); x = 0
}

/* Reads the log from the store: 0005 s.9. Where it does not go on from what was seen, a room that is open stops; one that is not open stays so. */
inline load(s) {
  holds(seen[s], store);
  if
  :: torn -> open[s] = 0
  :: !torn && !yes -> halted[s] = open[s] || halted[s]; wasHalted[s] = halted[s]; open[s] = 0
  :: else -> open[s] = 1; view[s] = store; seen[s] = store
  fi
}

/* Appends where the sequence is free, else reads the log again. no = another writer was first. */
inline append(s, k, q, value, pinned, cas) {
  no = 0;
  if
  :: cas && row[store].size != row[view[s]].size -> no = 1; load(s)
  :: else ->
    rows++;
    row[rows].prev = (cas -> view[s] : store);
    row[rows].size = row[row[rows].prev].size + 1;
    row[rows].kind = k; row[rows].query = q; row[rows].noise = value; row[rows].pin = pinned;
    torn = (torn || (cas && store != view[s]));
    store = rows; view[s] = rows; seen[s] = rows
  fi
}

#ifdef DEFECT_NO_CAS
#define CAS 0
#else
#define CAS 1
#endif
#if defined(DEFECT_NO_CAS) || defined(DEFECT_NO_CAS_COMMIT)
#define CAS_COMMIT 0
#else
#define CAS_COMMIT 1
#endif
#ifdef DEFECT_NO_CAS_BOOKING
#define CAS_BOOKING 0
#else
#define CAS_BOOKING 1
#endif

#ifdef DEFECT_NO_FRESHNESS
#define MAY(s) (!halted[s])
#else
#ifdef DEFECT_HALT_FORGOTTEN
#define MAY(s) (fresh[s])
#else
#define MAY(s) (fresh[s] && !halted[s])
#endif
#endif
#ifdef DEFECT_OPEN_RUN_WHILE_WAITING
#define MAY_GO_ON(s) 1
#else
#define MAY_GO_ON(s) MAY(s)
#endif
#ifdef DEFECT_SERVE_WHILE_WAITING
#define MAY_SERVE(s) 1
#else
#define MAY_SERVE(s) MAY(s)
#endif

/* Whatever a node decrypts, appends or serves, it does on a log that holds all that the witness had seen when the node started. */
inline onFreshLog(s) {
  holds(atStart[s], view[s]);
  HOLDS(NOT_FRESH, yes)
}
/* A node that was shown another log begins nothing, appends nothing and serves nothing; a decryption under way ends, and its answer goes nowhere. */
inline notStopped(s) { HOLDS(WENT_ON, !wasHalted[s]) }

#define IDLE 1
#define BOOK 2
#define BOOKED 3
#define DECRYPT 4
#define GATE 5
#define SEAL 6
#define COMMIT 7
#define FAIL 8

/* A run that has not ended goes on; a query without a run is charged. */
#define BEGIN(q) \
  :: d_step { step == IDLE && open[s] -> \
       find(view[s], RESULT, q); ended = (y != 0); find(view[s], FAILURE, q); ended = (ended || y != 0); find(view[s], CHARGE, q); \
       if \
       :: !ended && y != 0 && MAY_GO_ON(s) -> notStopped(s); asked = q; charge = y; step = DECRYPT \
       :: !ended && y == 0 && MAY(s) -> asked = q; step = FIRST \
       :: else \
       fi; \
       clean() }

#ifdef DEFECT_CHARGE_AFTER_DECRYPT
#define FIRST DECRYPT
#else
#define FIRST BOOK
#endif

/* One activation of the query's grain and the room's, on one node. Every step of it may be the last. */
proctype Node(byte s) {
  byte step = IDLE, asked, charge, noise, read, booked;
  bit gated;

end:
  do
  /* The process dies and starts again: it has nothing but the store. */
  :: d_step { crashes < CRASHES ->
       crashes++; wasDown = 1; open[s] = 0; fresh[s] = 0; halted[s] = 0; wasHalted[s] = 0; seen[s] = 0; bookSeen[s] = 0; view[s] = 0;
       atStart[s] = witness; step = IDLE; asked = 0; charge = 0; noise = 0; read = 0; booked = 0; gated = 0 }
  /* The store fails under the call, or its answer is lost: the activation begins anew, the process stays. */
  :: d_step { step != IDLE ->
       open[s] = 0; step = IDLE; asked = 0; charge = 0; noise = 0; read = 0; booked = 0; gated = 0; load(s); clean() }

  :: d_step { !open[s] -> load(s); clean() }
  /* The witness answers this start with the newest that it has seen; the other owner's colludes and vouches for anything. */
  :: d_step { open[s] && !fresh[s] && step == IDLE ->
       holds(witness, view[s]);
       if :: yes -> fresh[s] = 1 :: else -> halted[s] = 1; wasHalted[s] = 1 fi; clean() }
#ifdef DEFECT_ONE_WITNESS
  :: d_step { open[s] && !fresh[s] && step == IDLE -> fresh[s] = 1 }
#endif
  /* Requests come in any order, again and again. */
  BEGIN(0)
#if QUERIES == 2
  BEGIN(1)
#endif

  /* The owner's budget log: read, judged, booked unless it is booked already (0016 s.4). */
  :: d_step { step == BOOK && open[s] ->
       countCharges(view[s]); spent = count; count = 0; x = view[s];
       do :: x != 0 -> count = count + (row[x].kind == CHARGE && decrypted[x]); x = row[x].prev :: else -> break od;
       HOLDS(REFUNDED, spent >= count);
       bookHolds(bookSeen[s], bookStore); no = !yes;
       findPin(view[s]); bookHolds(y, bookStore); no = (no || !yes);
       if
       :: spent >= BUDGET || bookTorn -> step = IDLE; asked = 0
       :: spent < BUDGET && !bookTorn && no -> halted[s] = 1; wasHalted[s] = 1; step = IDLE; asked = 0
       :: else -> read = bookStore; bookSeen[s] = bookStore; step = BOOKED
       fi;
       clean() }
  :: d_step { step == BOOKED && booked == 0 && bookings < BOOKINGS ->
       findBooking(read, asked); booked = y; countBookings(read);
       if
       :: booked != 0
       :: booked == 0 && count >= BUDGET -> step = IDLE; asked = 0; read = 0
       :: booked == 0 && count < BUDGET && CAS_BOOKING && booking[bookStore].size != booking[read].size -> step = BOOK; read = 0
       :: else ->
         bookings++;
         booking[bookings].prev = (CAS_BOOKING -> read : bookStore);
         booking[bookings].size = booking[booking[bookings].prev].size + 1;
         booking[bookings].query = asked;
         bookTorn = (bookTorn || (CAS_BOOKING && bookStore != read));
         bookStore = bookings; bookSeen[s] = bookings; booked = bookings; read = bookings
       fi;
       clean() }
  /* The charge, with the budget log's checkpoint. */
  :: d_step { step == BOOKED && booked != 0 && open[s] && MAY(s) && rows < ROWS ->
       onFreshLog(s); notStopped(s);
       append(s, CHARGE, asked, 0, read, CAS);
       if
       :: no -> step = IDLE; asked = 0
       :: else ->
         HOLDS(CHARGED_TWICE, firstCharge[asked] == 0 || EXEMPT);
         firstCharge[asked] = rows; charge = rows;
#ifdef DEFECT_CHARGE_AFTER_DECRYPT
         step = GATE
#else
         step = DECRYPT
#endif
       fi;
       read = 0; booked = 0; clean() }

  :: d_step { step == DECRYPT && open[s] ->
       HOLDS(UNCHARGED, charge != 0 && row[charge].kind == CHARGE && row[charge].query == asked);
       onFreshLog(s);
       decrypted[charge] = 1;
       spent = 0; x = 1;
       do :: x <= ROWS -> spent = spent + decrypted[x]; x++ :: else -> break od;
       y = 1;
       do :: y <= bookings -> spent = spent + (booking[y].query == OTHER); y++ :: else -> break od;
       HOLDS(OVERSPENT, spent <= BUDGET || EXEMPT);
       clean();
#ifdef DEFECT_CHARGE_AFTER_DECRYPT
       step = (charge == 0 -> BOOK : GATE)
#else
       step = GATE
#endif
     }
  /* The engine may fail: the charge stays, the run ends. */
  :: step == GATE -> step = FAIL
  :: d_step { step == GATE ->
       gated = 1; step = SEAL;
#ifdef DEFECT_FRESH_NOISE
       noise = charge + (sealedNoise[charge] == charge -> ROWS + 1 : 0)
#else
       noise = charge
#endif
     }
#ifdef DEFECT_SEAL_UNGATED
  :: d_step { step == GATE -> noise = charge; step = SEAL }
#endif
  :: d_step { step == SEAL ->
       HOLDS(UNGATED, gated);
       HOLDS(OTHER_NOISE, sealedNoise[charge] == 0 || sealedNoise[charge] == noise);
       sealedNoise[charge] = noise; gated = 0; step = COMMIT }
  :: d_step { step == COMMIT && open[s] && MAY(s) && rows < ROWS ->
       onFreshLog(s); notStopped(s);
       find(view[s], RESULT, asked); yes = (y != 0); find(view[s], FAILURE, asked); yes = (yes || y != 0); ended = yes; holds(charge, view[s]);
       if
       :: ended || !yes -> step = IDLE; asked = 0; charge = 0; noise = 0
       :: else ->
         append(s, RESULT, asked, noise, 0, CAS_COMMIT);
         if
         :: no -> if :: open[s] :: else -> step = IDLE; asked = 0; charge = 0; noise = 0 fi
         :: else ->
           find(row[rows].prev, RESULT, asked);
           HOLDS(RESULT_TWICE, y == 0);
           HOLDS(TWO_ANSWERS, firstAnswer[asked] == 0 || firstAnswer[asked] == noise || EXEMPT);
           firstAnswer[asked] = noise;
           step = IDLE; asked = 0; charge = 0; noise = 0
         fi
       fi;
       clean() }
  :: d_step { step == COMMIT && !MAY(s) -> step = IDLE; asked = 0; charge = 0; noise = 0 }
  :: d_step { step == FAIL && open[s] && MAY(s) && rows < ROWS ->
       onFreshLog(s); notStopped(s);
       find(view[s], RESULT, asked); yes = (y != 0); find(view[s], FAILURE, asked); yes = (yes || y != 0);
       if :: yes :: else -> append(s, FAILURE, asked, 0, 0, CAS) fi;
       step = IDLE; asked = 0; charge = 0; clean() }

#ifdef DEFECT_SERVE_BEFORE_COMMIT
  :: d_step { step == COMMIT ->
       x = 1;
       do :: x <= rows && !(row[x].kind == RESULT && row[x].query == asked && row[x].noise == noise) -> x++ :: else -> break od;
       HOLDS(UNCOMMITTED, x <= rows); clean() }
#endif
  /* The newest answer in the node's log, to whoever asks. */
  :: d_step { step == IDLE && open[s] && MAY_SERVE(s) && row[view[s]].kind == RESULT ->
       onFreshLog(s); notStopped(s);
       x = 1; y = view[s];
       do :: x <= rows && !(row[x].kind == RESULT && row[x].query == row[y].query && row[x].noise == row[y].noise) -> x++ :: else -> break od;
       HOLDS(UNCOMMITTED, x <= rows);
       HOLDS(TWO_ANSWERS, firstAnswer[row[y].query] == row[y].noise || EXEMPT);
#ifdef REACH_SERVED
       HOLDS(REACHED, !(wasDown && restores > 0 && atStart[s] != 0));
#endif
       clean() }
#ifdef REACH_HALTED
  :: d_step { halted[s] && !fresh[s] -> HOLDS(REACHED, 0) }
#endif
#ifdef REACH_BUDGET
  :: d_step { firstAnswer[QUERIES - 1] != 0 -> HOLDS(REACHED, 0) }
#endif
  od
}

/* What a restore drops, and whether anybody who goes on with the copy could know it. */
inline restoring(h) {
  y = store;
  do
  :: y != 0 ->
    holds(y, h);
    if
    :: row[y].kind == CHARGE && !yes ->
      holds(y, witness);
      unwitnessed = (unwitnessed || !yes);
      no = 0;
      holds(seen[0], h); no = (no || (fresh[0] && yes));
      holds(seen[1], h); no = (no || (fresh[1] && yes));
      forked = (forked || no); no = 0
    :: else
    fi;
    y = row[y].prev
  :: else -> break
  od;
  yes = 0
}
inline bookRestoring(h) {
  y = bookStore;
  do
  :: y != 0 ->
    bookHolds(y, h);
    bookForked = (bookForked || (booking[y].query == OTHER && !yes));
    y = booking[y].prev
  :: else -> break
  od;
  yes = 0
}

/* Has the store, copies it and puts copies back, all of it or a part; the owner's other room books in the same log; the witness looks. */
proctype Host() {
end:
  do
  :: d_step { !copied && RESTORES > 0 -> copied = 1; kept = store; keptTorn = torn; bookKept = bookStore; bookKeptTorn = bookTorn }
  :: d_step { copied && restores < RESTORES && kept != store ->
       restores++; restoring(kept);
       x = store; store = kept; kept = x; x = torn; torn = keptTorn; keptTorn = x; clean() }
  :: d_step { copied && restores < RESTORES && bookKept != bookStore ->
       restores++; bookRestoring(bookKept);
       x = bookStore; bookStore = bookKept; bookKept = x; x = bookTorn; bookTorn = bookKeptTorn; bookKeptTorn = x; clean() }
  :: d_step { copied && restores < RESTORES && kept != store && bookKept != bookStore ->
       restores++; restoring(kept); bookRestoring(bookKept);
       x = store; store = kept; kept = x; x = torn; torn = keptTorn; keptTorn = x;
       x = bookStore; bookStore = bookKept; bookKept = x; x = bookTorn; bookTorn = bookKeptTorn; bookKeptTorn = x; clean() }
  :: d_step { bookings < BOOKINGS && !bookTorn ->
       findBooking(bookStore, OTHER); no = (y != 0); y = 0; countBookings(bookStore);
       if
       :: no || count >= BUDGET
       :: else ->
         /* That room has no charge that would hold ours in place. */
         x = 1;
         do
         :: x <= bookings -> y = bookStore; do :: y > x -> y = booking[y].prev :: else -> break od; bookForked = (bookForked || y != x); x++
         :: else -> break
         od;
         bookings++;
         booking[bookings].prev = bookStore; booking[bookings].size = booking[bookStore].size + 1; booking[bookings].query = OTHER;
         bookStore = bookings
       fi; clean() }
  /* An open client of the owner follows a node. A log that does not hold what it has seen is shown to the node, which stops. */
  :: d_step { RESTORES > 0 && open[0] && witness != view[0] -> holds(witness, view[0]); if :: yes -> witness = view[0] :: else -> halted[0] = 1; wasHalted[0] = 1 fi; clean() }
  :: d_step { RESTORES > 0 && open[1] && witness != view[1] -> holds(witness, view[1]); if :: yes -> witness = view[1] :: else -> halted[1] = 1; wasHalted[1] = 1 fi; clean() }
  od
}

init { atomic { run Node(0); run Node(1); run Host() } }
