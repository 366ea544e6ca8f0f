using CleanRoom.Engine.Sandbox.Filter;

namespace CleanRoom.Engine.Tests.Sandbox;

public class BpfAssemblerTests
{
    [Fact]
    public void Assemble_jumps_countFromTheNextInstruction()
    {
        var code = new BpfAssembler();
        BpfAssembler.Label near = new(), far = new();
        code.LoadWord(4);
        code.IfEqual(7, near, far);
        code.And(0xff);
        code.Mark(near);
        code.IfAtLeast(9, far, null);
        code.Return(1);
        code.Mark(far);
        code.Return(2);

        code.Assemble().Should().Equal(
            new BpfInstruction(0x20, 0, 0, 4),
            new BpfInstruction(0x15, 1, 3, 7),
            new BpfInstruction(0x54, 0, 0, 0xff),
            new BpfInstruction(0x35, 1, 0, 9),
            new BpfInstruction(0x06, 0, 0, 1),
            new BpfInstruction(0x06, 0, 0, 2));
    }

    [Theory]
    [InlineData(255, true)]
    [InlineData(256, false)]
    public void Assemble_jump_reaches255Instructions(int between, bool isReached)
    {
        var code = new BpfAssembler();
        var end = new BpfAssembler.Label();
        code.IfEqual(0, end, null);
        for (var line = 0; line < between; line++)
        {
            code.And(1);
        }

        code.Mark(end);
        code.Return(0);
        var assembling = code.Assemble;
        if (isReached)
        {
            assembling()[0].WhenTrue.Should().Be(255);
            return;
        }

        assembling.Should().Throw<InvalidOperationException>().WithMessage("jump: wanted a label 0 to 255 instructions ahead; got 256");
    }

    [Fact]
    public void Assemble_labelWithoutAPlaceOrBehind_isRefused()
    {
        var nowhere = new BpfAssembler();
        nowhere.IfEqual(0, new(), null);
        nowhere.Return(0);
        nowhere.Invoking(code => code.Assemble()).Should().Throw<InvalidOperationException>().WithMessage("*got none");

        var back = new BpfAssembler();
        var start = new BpfAssembler.Label();
        back.Mark(start);
        back.IfEqual(0, start, null);
        back.Return(0);
        back.Invoking(code => code.Assemble()).Should().Throw<InvalidOperationException>().WithMessage("*got -1");
        back.Invoking(code => code.Mark(start)).Should().Throw<InvalidOperationException>().WithMessage("label: wanted one place*");
    }

    [Fact]
    public void Assemble_programWithoutAVerdictAtItsEnd_isRefused()
    {
        new BpfAssembler().Invoking(code => code.Assemble()).Should().Throw<InvalidOperationException>();
        var open = new BpfAssembler();
        open.LoadWord(0);
        open.Invoking(code => code.Assemble()).Should().Throw<InvalidOperationException>();
    }
}
