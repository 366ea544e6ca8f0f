using System.Reflection;

namespace CleanRoom.Node.Tests.Harness;

/// <summary>Lets an object answer for a grain. A class that implements a grain's interface would be taken for a grain by every silo of these tests.</summary>
#pragma warning disable CA1852 // The proxy is a subtype that is made at run time.
internal class CallForwarder : DispatchProxy
#pragma warning restore CA1852
{
    private object? _target;

    /// <summary>Makes a grain reference that calls the methods of the same name of an object.</summary>
    public static T To<T>(object target)
        where T : class
    {
        var grain = Create<T, CallForwarder>();
        ((CallForwarder)(object)grain)._target = target;
        return grain;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        _target!.GetType().GetMethod(targetMethod!.Name)!.Invoke(_target, args);
}
