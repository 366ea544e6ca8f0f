using System.Collections.Immutable;

namespace CleanRoom.Node.Tests.Runs.Model;

/// <summary>What a row of the model's log is about.</summary>
internal enum RowKind
{
    /// <summary>Never used.</summary>
    None = 0,

    /// <summary>A query with all its approvals.</summary>
    Asked = 1,

    /// <summary>A node showed its evidence.</summary>
    Admitted = 2,

    /// <summary>A run was charged.</summary>
    Charged = 3,

    /// <summary>A run's answer was committed.</summary>
    Answered = 4,
}

/// <summary>A row that differs from every other one that was ever made.</summary>
internal sealed record ModelRow(int Id, RowKind Kind, int Subject);

/// <summary>The run sequence without cryptography, data and waiting: lists of rows, and who has seen which of them. The counterpart of contracts/spec/models.</summary>
internal sealed class RunModel
{
    public const int Queries = 3;
    public const int Budget = 2;
    public const int Activations = 2;
    private const int Witnesses = 3;

    private readonly ImmutableList<ModelRow>[] _views = new ImmutableList<ModelRow>[Activations];
    private ImmutableList<ModelRow> _seen = [];
    private int _node;
    private int _rows;

    public RunModel(int asked)
    {
        for (var query = 0; query < asked; query++)
        {
            Store = Store.Add(new ModelRow(++_rows, RowKind.Asked, query));
        }

        Witness = Store;
        Start();
    }

    /// <summary>Gets the log that the host's store shows.</summary>
    public ImmutableList<ModelRow> Store { get; private set; } = [];

    /// <summary>Gets the newest log that the witnesses have cosigned.</summary>
    public ImmutableList<ModelRow> Witness { get; private set; }

    /// <summary>Gets every state that the store went through in the last call.</summary>
    public List<ImmutableList<ModelRow>> Passed { get; } = [];

    public bool IsFresh { get; private set; }

    public bool IsHalted { get; private set; }

    public bool MayWrite => IsFresh && !IsHalted;

    /// <summary>Gets a value that says whether the store goes on from what the process has seen.</summary>
    public bool GoesOn => Holds(Store, _seen);

    public static bool Holds(ImmutableList<ModelRow> log, ImmutableList<ModelRow> older) =>
        older.Count <= log.Count && (older.IsEmpty || log[older.Count - 1].Id == older[^1].Id);

    public static bool Has(ImmutableList<ModelRow> log, RowKind kind, int subject) => log.Exists(row => row.Kind == kind && row.Subject == subject);

    /// <summary>Another process over what the host holds.</summary>
    public void Start()
    {
        (_node, IsFresh, IsHalted, _seen) = (_node + 1, false, false, Store);
        Array.Fill(_views, Store);
    }

    /// <summary>A crash left the store where one of the steps had brought it.</summary>
    public void StopAt(ImmutableList<ModelRow> store) => Store = store;

    /// <summary>The host puts back a copy. Copies of a branch that was left for another are not put back: no checkpoint tells a member which came first.</summary>
    public bool Restore(ImmutableList<ModelRow> copy)
    {
        var mayBe = Holds(Store, copy) || Holds(copy, Store);
        Store = mayBe ? copy : Store;
        return mayBe;
    }

    /// <summary>Somebody reads the log anew.</summary>
    public void Read() => _seen = GoesOn ? Store : _seen;

    public void Look(int activation) => Witness = MayLook(activation) ? _views[activation] : Witness;

    public bool MayLook(int activation) => Holds(_views[activation], Witness);

    /// <summary>The witnesses of all owners answer.</summary>
    public void Answer(int activation)
    {
        if (!MayLook(activation))
        {
            IsHalted = true;
            return;
        }

        for (var attempt = IsFresh ? Witnesses : 1; attempt > 0; attempt--)
        {
            IsFresh = true;
            Admit(activation);
        }
    }

    public void Ask(int activation, int query)
    {
        while (MayWrite)
        {
            if (Has(_views[activation], RowKind.Admitted, _node) || Append(activation, RowKind.Admitted, _node))
            {
                if (Has(_views[activation], RowKind.Asked, query) || Append(activation, RowKind.Asked, query))
                {
                    return;
                }
            }
        }
    }

    public void Run(int activation, int query, bool again)
    {
        Passed.Clear();
        Passed.Add(Store);
        while (Has(_views[activation], RowKind.Asked, query) && MayWrite)
        {
            if (Has(_views[activation], RowKind.Answered, query))
            {
                // One run was asked for: another is refused, and nothing but the node's evidence may come of it.
                if (again)
                {
                    Admit(activation);
                }

                return;
            }

            if (!Has(_views[activation], RowKind.Admitted, _node))
            {
                Append(activation, RowKind.Admitted, _node);
            }
            else if (!Has(_views[activation], RowKind.Charged, query))
            {
                if (_views[activation].Count(row => row.Kind == RowKind.Charged) == Budget)
                {
                    return;
                }

                Append(activation, RowKind.Charged, query);
            }
            else
            {
                Append(activation, RowKind.Answered, query);
            }
        }
    }

    private void Admit(int activation)
    {
        if (!Has(_views[activation], RowKind.Admitted, _node))
        {
            Append(activation, RowKind.Admitted, _node);
        }
    }

    /// <summary>Appends where the activation has the newest log; else it reads the log, and stops where that does not go on.</summary>
    private bool Append(int activation, RowKind kind, int subject)
    {
        var view = _views[activation];
        if (view.Count == Store.Count && view.Count >= _seen.Count)
        {
            Store = _seen = _views[activation] = view.Add(new ModelRow(++_rows, kind, subject));
            Passed.Add(Store);
            return true;
        }

        if (GoesOn)
        {
            _seen = _views[activation] = Store;
        }
        else
        {
            IsHalted = true;
        }

        return false;
    }
}
