namespace CleanRoom.Grains.Hosting;

/// <summary>Marks grain interfaces that only silos may call: see <see cref="SiloCallersOnly"/>.</summary>
public interface IInternalGrain;
