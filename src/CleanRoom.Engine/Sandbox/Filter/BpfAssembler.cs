namespace CleanRoom.Engine.Sandbox.Filter;

/// <summary>Puts a classic BPF program together; jumps name labels, and their distances are reckoned at the end.</summary>
/// <remarks>Jumps go forward only, at most 255 instructions, as the machine has it (filter.h of the kernel). Spec: contracts/spec/0012 s.2.2.</remarks>
internal sealed class BpfAssembler
{
    private const int MaxInstructions = 4_096;
    private const ushort LoadWordAbsolute = 0x20;
    private const ushort AndConstant = 0x54;
    private const ushort EqualConstant = 0x15;
    private const ushort GreaterOrEqualConstant = 0x35;
    private const ushort ReturnConstant = 0x06;

    private readonly List<(BpfInstruction Instruction, Label? WhenTrue, Label? WhenFalse)> _code = [];

    /// <summary>A place in the program, to be marked once.</summary>
    internal sealed class Label
    {
        /// <summary>Gets or sets the number of the instruction that follows; null until it is marked.</summary>
        public int? Position { get; set; }
    }

    /// <summary>Loads four bytes, in the machine's order, from an offset in the data.</summary>
    public void LoadWord(uint offset) => Add(LoadWordAbsolute, offset);

    /// <summary>Keeps the bits of the mask.</summary>
    public void And(uint mask) => Add(AndConstant, mask);

    /// <summary>Ends the program with a verdict.</summary>
    public void Return(uint verdict) => Add(ReturnConstant, verdict);

    /// <summary>Goes to a label by whether what is loaded equals a value; null goes to the next instruction.</summary>
    public void IfEqual(uint value, Label? then, Label? otherwise) => _code.Add((new(EqualConstant, 0, 0, value), then, otherwise));

    /// <summary>As <see cref="IfEqual"/>, for a value or one above it, unsigned.</summary>
    public void IfAtLeast(uint value, Label? then, Label? otherwise) =>
        _code.Add((new(GreaterOrEqualConstant, 0, 0, value), then, otherwise));

    /// <summary>Marks the place of the next instruction.</summary>
    /// <exception cref="InvalidOperationException">It is marked already.</exception>
    public void Mark(Label label) => label.Position = label.Position is null
        ? _code.Count
        : throw new InvalidOperationException("label: wanted one place; got two");

    /// <summary>Returns the program.</summary>
    /// <exception cref="InvalidOperationException">
    /// A label has no place or none ahead, a jump is too long, or the program is empty, too long or does not end with a verdict.
    /// </exception>
    public BpfInstruction[] Assemble()
    {
        if (_code.Count is 0 or > MaxInstructions || _code[^1].Instruction.Code != ReturnConstant)
        {
            throw new InvalidOperationException($"program: wanted 1 to {MaxInstructions} instructions, the last a verdict; got {_code.Count}");
        }

        return [.. _code.Select((line, index) => line.Instruction with
        {
            WhenTrue = Distance(line.WhenTrue, index),
            WhenFalse = Distance(line.WhenFalse, index),
        })];
    }

    private void Add(ushort code, uint operand) => _code.Add((new(code, 0, 0, operand), null, null));

    private byte Distance(Label? label, int from)
    {
        if (label is null)
        {
            return 0;
        }

        // Counted from the instruction after the jump.
        var distance = label.Position - from - 1;
        return distance is >= 0 and <= byte.MaxValue && label.Position < _code.Count
            ? (byte)distance
            : throw new InvalidOperationException($"jump: wanted a label 0 to 255 instructions ahead; got {distance?.ToString() ?? "none"}");
    }
}
