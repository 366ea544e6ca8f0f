using System.Reflection;

namespace CleanRoom.Engine.Child;

/// <summary>Loads every assembly that the engine can come to need: once it stands, it opens no file of the program or the runtime.</summary>
internal static class LoadedCode
{
    // What serves the node alone: the engine names it and never runs it.
    private static readonly string[] _ofTheNode = ["Apache.Arrow", "CleanRoom.Policy", "CleanRoom.Protocol"];

    /// <summary>Loads what the engine's code names, and what that names, to the end.</summary>
    public static void LoadAll()
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var left = new Queue<Assembly>([typeof(LoadedCode).Assembly]);
        while (left.TryDequeue(out var assembly))
        {
            foreach (var name in assembly.GetReferencedAssemblies())
            {
                if (found.Add(name.Name!) && !_ofTheNode.Contains(name.Name) && TryLoad(name) is { } loaded)
                {
                    left.Enqueue(loaded);
                }
            }
        }
    }

    // One that is not there can be named by code that no engine runs.
    private static Assembly? TryLoad(AssemblyName name)
    {
        try
        {
            return Assembly.Load(name);
        }
        catch (Exception exception) when (exception is IOException or BadImageFormatException)
        {
            return null;
        }
    }
}
